// SPDX-License-Identifier: Apache-2.0

package io.hawser.netty;

import io.netty.channel.Channel;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;

/** Netty's handler of sockets, where what each channel asks of the kernel is looked at first: to mend what Netty gets wrong. */
record WatchedIoHandler(IoHandler io, Watch watch) implements IoHandler {
    /** What becomes of a request to the kernel. */
    @FunctionalInterface
    interface Watch {
        /** Submits it, or another one, or none, which 0 says. */
        long submit(Channel channel, IoOps ops, IoRegistration registration);
    }

    static IoHandlerFactory factory(IoHandlerFactory handlers, Watch watch) {
        return executor -> new WatchedIoHandler(handlers.newHandler(executor), watch);
    }

    @Override
    public IoRegistration register(IoHandle handle) throws Exception {
        IoRegistration registration = io.register(handle);
        return handle instanceof Channel.Unsafe unsafe
                ? new Watched(registration, unsafe.voidPromise().channel(), watch)
                : registration;
    }

    @Override
    public void initialize() {
        io.initialize();
    }

    @Override
    public int run(IoHandlerContext context) {
        return io.run(context);
    }

    @Override
    public void prepareToDestroy() {
        io.prepareToDestroy();
    }

    @Override
    public void destroy() {
        io.destroy();
    }

    @Override
    public void wakeup() {
        io.wakeup();
    }

    @Override
    public boolean isCompatible(Class<? extends IoHandle> handleType) {
        return io.isCompatible(handleType);
    }

    private record Watched(IoRegistration registration, Channel channel, Watch watch) implements IoRegistration {
        @Override
        public long submit(IoOps ops) {
            return watch.submit(channel, ops, registration);
        }

        @Override
        @SuppressWarnings("TypeParameterUnusedInFormals") // Netty's signature
        public <T> T attachment() {
            return registration.attachment();
        }

        @Override
        public boolean isValid() {
            return registration.isValid();
        }

        @Override
        public boolean cancel() {
            return registration.cancel();
        }
    }
}
