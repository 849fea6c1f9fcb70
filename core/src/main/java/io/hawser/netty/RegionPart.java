// SPDX-License-Identifier: Apache-2.0

package io.hawser.netty;

import io.hawser.Response;
import io.netty.channel.Channel;
import io.netty.channel.DefaultFileRegion;
import io.netty.channel.uring.IoUringSocketChannel;
import io.netty.handler.ssl.SslHandler;
import java.nio.file.FileSystems;

/** A part of a file that the kernel moves to the socket by itself. */
final class RegionPart implements BodyPart {
    private final BodyWriter out;
    private final Response.Body.FilePart file;

    RegionPart(BodyWriter out, Response.Body.FilePart file) {
        this.out = out;
        this.file = file;
    }

    /** Whether a channel can send a part of a file so. */
    @SuppressWarnings("ReferenceEquality") // file systems are compared so
    static boolean isPossible(Channel channel, Response.Body.FilePart file) {
        // Netty counts the bytes of such a part in 32 bits over io_uring.
        boolean fits = !(channel instanceof IoUringSocketChannel) || file.position() + file.bytes() <= Integer.MAX_VALUE;
        return fits
                && channel.pipeline().get(SslHandler.class) == null
                && file.path().getFileSystem() == FileSystems.getDefault();
    }

    @Override
    public boolean goOn() {
        if (file.bytes() > 0) {
            out.write(new DefaultFileRegion(file.path().toFile(), file.position(), file.bytes())).addListener(left -> {
                if (!left.isSuccess()) {
                    out.regionFailed(file, left.cause());
                }
            });
        }
        return true;
    }

    @Override
    public void cancel() {}
}
