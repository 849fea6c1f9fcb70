// SPDX-License-Identifier: Apache-2.0

package io.hawser.protocol;

import java.util.List;
import java.util.function.BiFunction;

/** A stage made of a function, for one direction; named in logs by its function. */
record OneWay(BiFunction<? super Frame, ? super StageContext, ? extends List<Frame>> function, boolean isIncoming)
        implements FrameStage {
    @Override
    public Opened open(StageContext stage) {
        return isIncoming ? new In(function, stage) : new Out(function, stage);
    }

    private record In(
            BiFunction<? super Frame, ? super StageContext, ? extends List<Frame>> function, StageContext stage)
            implements Frames {
        @Override
        public List<Frame> incoming(Frame frame) {
            return function.apply(frame, stage);
        }
    }

    private record Out(
            BiFunction<? super Frame, ? super StageContext, ? extends List<Frame>> function, StageContext stage)
            implements Frames {
        @Override
        public List<Frame> outgoing(Frame frame) {
            return function.apply(frame, stage);
        }
    }
}
