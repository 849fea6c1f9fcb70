// SPDX-License-Identifier: Apache-2.0

package io.hawser.netty;

import io.hawser.Request;
import io.hawser.Response;
import io.hawser.connection.LoopWatch;
import io.hawser.http.BodyChunks;
import io.hawser.waiting.Surroundings;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.FileRegion;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes one body, behind its head, as fast as the channel takes it: one part behind another. Confined to the channel's loop. */
final class BodyWriter {
    private static final Logger LOG = LoggerFactory.getLogger(BodyWriter.class);

    /** RFC 9112 7.1: the last chunk, and no trailer. */
    private static final ByteBuf LAST_CHUNK =
            Unpooled.unreleasableBuffer(Unpooled.directBuffer(5).writeBytes("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII)).asReadOnly());

    private static final int CRLF = '\r' << 8 | '\n';
    /** The length of a chunk in hexadecimal, and two line ends. */
    private static final int CHUNK_FRAME_BYTES = 12;

    private final ChannelHandlerContext context;
    private final @Nullable Request request;
    private final boolean chunked;
    private final Consumer<ChannelFuture> told;
    private final Deque<Response.Body> parts = new ArrayDeque<>();
    private final ChannelPromise whole;
    private final LoopWatch watch;

    private @Nullable BodyPart part;
    private long writtenBytes;
    private boolean flushed = true;
    private boolean going;
    private boolean ended;

    /**
     * Nothing is written so far.
     *
     * @param request what is answered, for the log; null for what is no request
     * @param chunked whether in chunks of HTTP/1.1
     * @param told takes the write of the last byte
     */
    BodyWriter(ChannelHandlerContext context, @Nullable Request request, Response.Body body, boolean chunked, Consumer<ChannelFuture> told) {
        this.context = context;
        this.request = request;
        this.chunked = chunked;
        this.told = told;
        this.whole = context.newPromise();
        this.watch = LoopTasks.of(context.channel().eventLoop()).watch();
        parts.add(body);
        part = next();
        flushed = false; // the head is not
    }

    /** Done when all of it has left, or never will. */
    ChannelFuture whole() {
        return whole;
    }

    /** How many bytes were given to the channel. */
    long writtenBytes() {
        return writtenBytes;
    }

    /** Writes on, as much as there is and the channel takes. */
    void goOn() {
        if (going || ended) {
            return;
        }
        going = true;
        enter();
        try {
            while (part != null && part.goOn()) {
                part = next();
            }
        } catch (RuntimeException | Error failure) { // of a publisher, say: this response's alone
            fail(failure);
        } finally {
            leave();
            going = false;
        }
        if (part == null && !ended) {
            end();
        } else if (!flushed) {
            flushed = true;
            context.flush();
        }
    }

    private void enter() {
        if (request != null) {
            watch.enter(request); // what runs now may be the application's publisher
        }
    }

    private void leave() {
        if (request != null) {
            watch.leave(request);
        }
    }

    private @Nullable BodyPart next() {
        Response.Body body = parts.poll();
        return switch (body) {
            case null -> null;
            case Response.Body.Bytes bytes -> new BytesPart(this, bytes.data());
            case Response.Body.FilePart file -> part(file);
            case Response.Body.Stream stream -> new StreamPart(this, stream.chunks(), stream.length());
            case Response.Body.Sequence sequence -> {
                sequence.parts().reversed().forEach(parts::addFirst);
                yield next();
            }
        };
    }

    private BodyPart part(Response.Body.FilePart file) {
        return !chunked && RegionPart.isPossible(context.channel(), file)
                ? new RegionPart(this, file)
                : new StreamPart(this, BodyChunks.of(file, Surroundings.ofSystem()), file.length());
    }

    private void end() {
        ended = true;
        ChannelFuture last = context.writeAndFlush(chunked ? LAST_CHUNK.duplicate() : Unpooled.EMPTY_BUFFER);
        last.addListener(left -> whole.trySuccess());
        told.accept(last);
    }

    // ---- for the parts

    ChannelHandlerContext context() {
        return context;
    }

    /** Whether a part may write now; if not, it is asked to go on later. */
    boolean isWritable() {
        return !ended && context.channel().isWritable();
    }

    /** Writes a copy of bytes. */
    void write(ByteBuffer bytes) {
        int length = bytes.remaining();
        if (length == 0) {
            return; // RFC 9112 7.1: a chunk of size zero is the last
        }
        ByteBuf out = context.alloc().directBuffer(length + (chunked ? CHUNK_FRAME_BYTES : 0));
        if (chunked) {
            ByteBufUtil.writeAscii(out, Integer.toHexString(length));
            out.writeShort(CRLF).writeBytes(bytes).writeShort(CRLF);
        } else {
            out.writeBytes(bytes);
        }
        writtenBytes += out.readableBytes();
        flushed = false;
        context.write(out, context.voidPromise());
    }

    /** Writes a part of a file. */
    ChannelFuture write(FileRegion region) {
        flushed = false;
        return context.write(region);
    }

    /** Cuts the connection, so that what has left is not taken for the whole. */
    void fail(Throwable failure) {
        if (ended) {
            return;
        }
        log(failure);
        cancel();
        LingeringClose.cut(context.channel());
    }

    private void log(Throwable failure) {
        LOG.error("the body of the response to {} for {} failed, cutting its connection", request, context.channel().remoteAddress(), failure);
    }

    /** A part of a file did not leave: the peer has gone, or the file has. */
    void regionFailed(Response.Body.FilePart file, Throwable cause) {
        if (isShorter(file)) {
            log(cause);
        }
        cancel();
        whole.trySuccess();
        LingeringClose.cut(context.channel());
    }

    private static boolean isShorter(Response.Body.FilePart file) {
        try {
            return Files.size(file.path()) < file.position() + file.bytes();
        } catch (IOException e) {
            return true; // it has gone
        }
    }

    /** The rest is not wanted. */
    void cancel() {
        if (!ended) {
            ended = true;
            whole.trySuccess();
            if (part != null) {
                part.cancel();
            }
        }
    }
}
