// SPDX-License-Identifier: Apache-2.0

package io.hawser.client;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.Proxy;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A proxy of SOCKS version 5 (RFC 1928) that may ask for a name and a password (RFC 1929). */
final class SocksProxyServer extends ProxyServer {
    private static final int NO_AUTHORISATION = 0;
    private static final int NAME_AND_PASSWORD = 2;
    private static final int NOTHING_THAT_FITS = 0xFF;

    private final String login;
    private final int reply;
    private final String behindReply;
    private final Queue<String> asked = new ConcurrentLinkedQueue<>();

    /**
     * A proxy.
     *
     * @param login name and password, with a colon between; empty where it asks for none
     * @param reply 0 consents
     * @param behindReply what it says in the server's stead; empty where the server speaks
     */
    SocksProxyServer(String login, int reply, String behindReply) throws IOException {
        super(Proxy.Type.SOCKS);
        this.login = login;
        this.reply = reply;
        this.behindReply = behindReply;
    }

    @Override
    void negotiate(Socket client) throws IOException {
        DataInputStream in = new DataInputStream(client.getInputStream());
        in.readByte(); // version 5
        byte[] methods = in.readNBytes(in.readUnsignedByte());
        int wanted = login.isEmpty() ? NO_AUTHORISATION : NAME_AND_PASSWORD;
        boolean offered = new String(methods, StandardCharsets.ISO_8859_1).indexOf(wanted) >= 0;
        client.getOutputStream().write(new byte[] {5, (byte) (offered ? wanted : NOTHING_THAT_FITS)});
        if (!offered || wanted == NAME_AND_PASSWORD && !isLoginRight(in, client)) {
            return;
        }
        in.readNBytes(3); // version 5, CONNECT, reserved
        int type = in.readByte();
        byte[] address = in.readNBytes(type == 1 ? 4 : type == 4 ? 16 : in.readUnsignedByte());
        int port = in.readUnsignedShort();
        asked.add(type == 3 ? new String(address, StandardCharsets.US_ASCII) + ":" + port : "address:" + port);
        say(client, "\u0005" + (char) reply + "\0\u0001\0\0\0\0\0\0" + behindReply);
        if (reply == 0 && behindReply.isEmpty()) {
            relay(client, port);
        }
    }

    private boolean isLoginRight(DataInputStream in, Socket client) throws IOException {
        in.readByte(); // version 1
        String name = new String(in.readNBytes(in.readUnsignedByte()), StandardCharsets.US_ASCII);
        String password = new String(in.readNBytes(in.readUnsignedByte()), StandardCharsets.US_ASCII);
        boolean right = login.equals(name + ":" + password);
        client.getOutputStream().write(new byte[] {1, (byte) (right ? 0 : 1)});
        return right;
    }

    /** Host and port that clients asked for. */
    List<String> asked() {
        return List.copyOf(asked);
    }
}
