// SPDX-License-Identifier: Apache-2.0

package io.hawser.cli;

import static io.hawser.cli.DemoBrowser.HOST;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.Keys;

/** Talks in the chat of the demo's page, as people in two windows would. */
class ChatPageTest {
    private static final int ANN = 0;
    private static final int BEN = 1;

    @RegisterExtension
    static final DemoBrowser page = new DemoBrowser();

    @AfterEach
    void oneWindowAndNoErrors() {
        page.closeOtherWindows();
        page.run("location.replace('about:blank')"); // so that the next test loads the page, whatever its address
        assertThat(page.consoleErrors()).isEmpty();
    }

    /** Ann and Ben in the same room, each in a window; Ann's is looked at. */
    private static void bothJoin(String room, String subprotocolOfBen) {
        page.open();
        page.type("chat-room", room);
        join("Ann");
        page.openWindow(link());
        page.click(subprotocolOfBen);
        join("Ben");
        page.lookAt(ANN);
    }

    private static void join(String name) {
        if (page.element("chat-name").isEnabled()) {
            page.type("chat-name", name);
        }
        page.click("chat-join");
        page.awaitText("chat-state", text -> text.startsWith("In ") && !text.equals("In no room"));
    }

    private static String link() {
        return String.valueOf(page.element("chat-window").getDomProperty("href"));
    }

    private static void say(String text) {
        page.type("chat-text", text, Keys.ENTER);
    }

    /** Waits for so many messages, and gives those that are shown, one a line, as in "Ann (you): ahoy". */
    private static String awaitMessages(int count) {
        page.awaitScript("return document.querySelectorAll('#chat-list li').length >= " + count);
        return String.valueOf(page.run("""
                const part = (entry, of) => entry.querySelector(of) ? entry.querySelector(of).textContent : '';
                return [...document.querySelectorAll('#chat-list li')]
                    .map(e => part(e, '.name') + (e.classList.contains('own') ? ' (you)' : '') + ': ' + part(e, '.text'))
                    .join('\\n');
                """));
    }

    @Test
    void twoWindowsTalk() {
        bothJoin("two windows", "chat-v2");
        say("Ahoy");
        assertThat(awaitMessages(1)).isEqualTo("Ann (you): Ahoy");
        page.lookAt(BEN);
        awaitMessages(1);
        say("Ahoy yourself");
        say("Who goes there?");
        assertThat(awaitMessages(3)).isEqualTo("Ann: Ahoy\nBen (you): Ahoy yourself\nBen (you): Who goes there?");
        page.lookAt(ANN);
        assertThat(awaitMessages(3)).isEqualTo("Ann (you): Ahoy\nBen: Ahoy yourself\nBen: Who goes there?");
        assertThat(page.text("log")).doesNotContain("Ahoy"); // a screen reader is told once
    }

    /** The browser offers it by itself, and inflates what is long enough to be compressed. */
    @Test
    @Tag("H2")
    void talksCompressed() {
        page.open();
        page.run("""
                window.WebSocket = class extends WebSocket {
                    constructor(...of) {
                        super(...of);
                        window.latest = this;
                    }
                };
                """);
        join("Ann");
        String text = "Ahoy, and a bottle of rum. ".repeat(20).strip();
        say(text);
        say(text);
        assertThat(awaitMessages(2)).isEqualTo("Ann (you): " + text + "\nAnn (you): " + text);
        assertThat(String.valueOf(page.run("return window.latest.extensions"))).startsWith("permessage-deflate");
    }

    @Test
    void showsWhenSomethingWasSaidInTheTimeOfTheReader() {
        page.open();
        join("Ann");
        say("Ahoy");
        awaitMessages(1);

        String said = String.valueOf(page.run("return document.querySelector('#chat-list time').dateTime"));
        assertThat(Instant.parse(said)).hasToString(said);
        assertThat(page.run("return document.querySelector('#chat-list time').textContent === new Date(arguments[0]).toLocaleTimeString()", said))
                .isEqualTo(true);
    }

    @Test
    void tellsOfJoiningAndLeaving() {
        bothJoin("comings and goings", "chat-v2");
        assertThat(page.text("chat-note")).isEqualTo("You are in comings and goings as Ann.");
        assertThat(page.run("return document.activeElement.id")).isEqualTo("chat-text");
        assertThat(page.element("chat-name").isEnabled()).isFalse();
        page.click("chat-leave");
        page.awaitText("chat-note", "You have left comings and goings. 1000 Normal closure.");
        page.awaitText("chat-state", "In no room"::equals);
        assertThat(page.element("chat-send").isEnabled()).isFalse();
        assertThat(page.run("return document.activeElement.id")).isEqualTo("chat-join");

        page.lookAt(BEN);
        say("Ann?");
        assertThat(awaitMessages(1)).isEqualTo("Ben (you): Ann?");
        page.lookAt(ANN);
        join("Ann");
        say("Here again");
        assertThat(awaitMessages(1)).isEqualTo("Ann (you): Here again");
        page.awaitText("log", "opened/chat/comings%20and%20goings", "closed/chat/comings%20and%20goings");
    }

    @Test
    void speaksBothSubprotocolsInOneRoom() {
        bothJoin("both", "chat-v1");
        say("Ahoy");
        awaitMessages(1);
        page.lookAt(BEN);
        assertThat(page.text("chat-note")).isEqualTo("You are in both.");
        awaitMessages(1);
        say("I have no name");
        assertThat(awaitMessages(2)).isEqualTo(": Ahoy\n (you): I have no name");
        page.lookAt(ANN);
        assertThat(awaitMessages(2)).isEqualTo("Ann (you): Ahoy\n(no name): I have no name");
    }

    @Test
    void showsWhatIsSaidAsTextAndNotAsMarkup() {
        bothJoin("<b>mark\"up</b>", "chat-v2");
        String markup = "<img src=x onerror=alert(1)> \"quoted\" \\ & 'so'";
        say(markup);
        page.run("document.getElementById('chat-text').value = arguments[0]; document.getElementById('chat-send').click()", "Grüße 🚢 👩‍🚀");
        page.lookAt(BEN);

        assertThat(awaitMessages(2)).isEqualTo("Ann: " + markup + "\nAnn: Grüße 🚢 👩‍🚀");
        assertThat(page.run("return document.querySelectorAll('img, .card b').length")).isEqualTo(0L);
        assertThat(page.text("chat-state")).isEqualTo("In <b>mark\"up</b>");
    }

    @Test
    void leadsIntoARoomByALink() {
        page.open(page.url() + "#room=Lotsen+%26+Fischer");
        assertThat(page.element("chat-room").getDomProperty("value")).isEqualTo("Lotsen & Fischer");
        join("Ann");
        assertThat(page.run("return new URLSearchParams(location.hash.slice(1)).get('room')")).isEqualTo("Lotsen & Fischer");

        page.click("chat-leave");
        page.awaitText("chat-state", "In no room"::equals);
        page.run("location.hash = '#room=100%'");
        page.awaitScript("return document.getElementById('chat-room').value === '100%'");
        assertThat(link()).endsWith("#room=100%25");
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", ".", ".."})
    void joinsNoRoomThatAnAddressCannotName(String room) {
        page.open();
        page.type("chat-room", room);
        page.click("chat-join");
        assertThat(page.run("return document.getElementById('chat-room').validity.patternMismatch")).isEqualTo(true);
        assertThat(page.text("chat-state")).isEqualTo("In no room");
    }

    @Test
    void knowsNoNamesInTheFirstSubprotocol() {
        page.open();
        page.click("chat-v1");
        page.awaitText("chat-protocol-words", "nobody has a name");
        assertThat(page.element("chat-name").isEnabled()).isFalse();
        page.click("chat-v2");
        page.awaitText("chat-protocol-words", "JSON");
        assertThat(page.element("chat-name").isEnabled()).isTrue();
    }

    @Test
    void saysInWordsWhyTheServerClosed() {
        bothJoin("refused", "chat-v2");
        page.run("chat.line.send('no JSON')");
        page.awaitText("chat-note", "Closed by the server with 1007 Invalid payload data", "a message must be {\"name\": \"…\", \"text\": \"…\"}");
        page.awaitText("chat-state", "Closed"::equals);
        page.lookAt(BEN);
        say("Ann?");
        assertThat(awaitMessages(1)).isEqualTo("Ben (you): Ann?");
    }

    @Test
    void keepsTheLatestOfManyMessages() {
        bothJoin("many", "chat-v2");
        page.run("for (let i = 1; i <= 320; i++) chat.line.send(JSON.stringify({ name: 'Ann', text: 'number ' + i }))");
        page.lookAt(BEN);
        page.awaitText("chat-list", "number 320");
        List<String> lines = awaitMessages(300).lines().toList();
        assertThat(lines).hasSize(300).first().isEqualTo("Ann: number 21");
        assertThat(page.run("const l = document.getElementById('chat-list'); return l.scrollHeight - l.scrollTop - l.clientHeight < 2"))
                .isEqualTo(true);
    }

    @ParameterizedTest
    @ValueSource(strings = {"light", "dark"})
    void fitsPhone(String colours) {
        page.open();
        page.show(360, 740, colours);
        join("W".repeat(40));
        say("W".repeat(300));
        awaitMessages(1);
        assertThat(page.run("return document.documentElement.scrollWidth"))
                .isEqualTo(page.run("return document.documentElement.clientWidth"));
        assertThat(page.run("const l = document.getElementById('chat-list'); return l.scrollWidth === l.clientWidth")).isEqualTo(true);
    }

    @Test
    void joinsAgainWhenTheServerIsBack() {
        int port;
        try (DemoServer first = DemoServer.start(HOST, 0)) {
            port = first.port();
            page.open(first.url());
            join("Ann");
            say("Is it rough out there?");
            awaitMessages(1);
        }
        page.awaitText("chat-note", "Closed by the server with 1001 Going away", "when the server is back");
        page.awaitText("chat-state", "Closed"::equals);

        try (DemoServer second = DemoServer.start(HOST, port)) {
            assertThat(second.port()).isEqualTo(port);
            page.run("document.getElementById('reconnect').click()");
            page.awaitText("chat-state", "In harbour"::equals);
            say("It was");
            assertThat(awaitMessages(2)).isEqualTo("Ann (you): Is it rough out there?\nAnn (you): It was");
            page.run("location.replace('about:blank')");
        }
        // While the server was away, the browser may have told the console that it could not connect.
        assertThat(page.consoleErrors().lines()).allMatch(line -> line.contains("WebSocket connection to"));
    }
}
