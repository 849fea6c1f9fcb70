// SPDX-License-Identifier: Apache-2.0

package io.hawser.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.hawser.Response;
import io.hawser.WebSocketHandler;
import io.hawser.testkit.HawserTest;
import io.hawser.testkit.Probe;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The chat of the demo, in memory. */
@Timeout(60)
class ChatTest {
    private static final Instant START = Instant.parse("2026-03-01T08:00:00Z");

    private final Chat chat = new Chat(() -> START.plus(elapsed()));
    private final HawserTest test = HawserTest.of(DemoApplication.of(chat));

    private Duration elapsed() {
        return test.elapsed();
    }

    @AfterEach
    void leavesNothing() {
        test.expectNoFailures();
        test.close();
        assertThat(chat.rooms()).as("rooms that nobody is in").isZero();
    }

    private Probe join(String room, String subprotocol) {
        return test.webSocket("/chat/" + room, o -> o.subprotocols(subprotocol));
    }

    private static String said(String name, String text) {
        return "{\"name\":\"%s\",\"text\":\"%s\"}".formatted(name, text);
    }

    private static String heard(String name, String text, String time) {
        return "{\"name\":\"%s\",\"text\":\"%s\",\"time\":\"%s\"}".formatted(name, text, time);
    }

    @Test
    void givesTextsAsTheyAreToAllOfTheRoom() {
        Probe ann = join("harbour", "chat.v1");
        Probe ben = join("harbour", "chat.v1");

        for (String text : List.of("ahoy", "", "{\"name\":1}", "Grüße ⚓ 🚢")) {
            ann.send(text);
            ann.expectText(text);
            ben.expectText(text);
        }
    }

    @Test
    void addsTheTimeToNameAndText() {
        Probe ann = join("harbour", "chat.v2");
        Probe ben = join("harbour", "chat.v2");
        test.advance(Duration.ofMillis(90_250));

        ann.send("  {\"text\": \"\\\"ahoy\\\" 🚢\", \"name\": \"Ann\"}  ");

        ann.expectText(heard("Ann", "\\\"ahoy\\\" 🚢", "2026-03-01T08:01:30.250Z"));
        ben.expectText(heard("Ann", "\\\"ahoy\\\" 🚢", "2026-03-01T08:01:30.250Z"));
    }

    @Test
    void letsBothSubprotocolsHearEachOther() {
        Probe old = join("harbour", "chat.v1");
        Probe ann = join("harbour", "chat.v2");

        ann.send(said("Ann", "ahoy"));
        old.expectText("ahoy");
        ann.expectText(heard("Ann", "ahoy", "2026-03-01T08:00:00Z"));

        old.send("who is there?");
        old.expectText("who is there?");
        ann.expectText(heard("(no name)", "who is there?", "2026-03-01T08:00:00Z"));
    }

    @Test
    void tellsAllInOneOrder() {
        List<Probe> guests = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            guests.add(join("harbour", "chat.v1"));
        }
        for (int turn = 0; turn < 20; turn++) {
            for (int i = 0; i < guests.size(); i++) {
                guests.get(i).send(i + " says " + turn);
            }
        }

        List<List<String>> heard = guests.stream().map(guest -> texts(guest, 100)).toList();
        assertThat(heard).allMatch(heard.get(0)::equals);
        assertThat(heard.get(0)).doesNotHaveDuplicates();
    }

    private static List<String> texts(Probe guest, int count) {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            texts.add(guest.expectText());
        }
        return texts;
    }

    @Test
    void keepsRoomsApart() {
        Probe ann = join("harbour", "chat.v2");
        Probe ben = join("Harbour", "chat.v2");

        ann.send(said("Ann", "anybody?"));
        ann.expectText(heard("Ann", "anybody?", "2026-03-01T08:00:00Z"));
        ben.expectNoMessage();
        assertThat(chat.rooms()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Grüße 🚢", "a/b?c#d", "100 %", " ", "..."})
    void takesAnyNameOfARoom(String name) {
        String encoded = URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
        Probe ann = join(encoded, "chat.v1");
        Probe ben = join(encoded, "chat.v1");

        ann.send("ahoy");
        ben.expectText("ahoy");
    }

    @Test
    void choosesTheLaterSubprotocolWhateverTheClientPrefers() {
        Probe ann = test.webSocket("/chat/harbour", o -> o.subprotocols("chat.v1", "chat.v3", "chat.v2"));
        assertThat(ann.connection().subprotocol()).hasValue("chat.v2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "chat.v3", "CHAT.V2"})
    void refusesWhoOffersNoneOfItsSubprotocols(String offered) {
        Response response = test.upgrade("/chat/harbour", o -> offered.isEmpty() ? o : o.subprotocols(offered)).response();
        assertThat(response.status()).isEqualTo(400);
        assertThat(response.bodyText()).contains("chat.v2", "chat.v1");
        assertThat(response.headers().firstValue("Sec-WebSocket-Protocol")).hasValue("chat.v2, chat.v1");
    }

    // ---- what is refused, while the room goes on

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            ahoy                                                    | no JSON
            ``                                                      | nothing
            null                                                    | no object
            "ahoy"                                                  | no object
            ["Ann", "ahoy"]                                         | no object
            {"name": "Ann"}                                         | no text
            {"text": "ahoy"}                                        | no name
            {"name": "Ann", "text": null}                           | null
            {"name": "Ann", "text": 1}                              | a number
            {"name": true, "text": "ahoy"}                          | a boolean
            {"name": ["Ann"], "text": "ahoy"}                       | an array
            {"name": "Ann", "text": "ahoy", "time": "now"}          | a field too many
            {"name": "Ann", "name": "Ben", "text": "ahoy"}          | a field twice
            {"name": "Ann", "text": "ahoy"} {}                      | more behind it
            {"name": "Ann", "text": "ahoy"                          | no end
            """)
    void refusesWhatIsNotTheJsonThatWasAgreed(String json, String why) {
        Probe ben = join("harbour", "chat.v2");
        Probe ann = join("harbour", "chat.v2").send(json);

        assertThat(ann.expectClosed().status().toString()).as(why)
                .isEqualTo("1007 a message must be {\"name\": \"…\", \"text\": \"…\"} and nothing else");
        ben.send(said("Ben", "where is Ann?")).expectText(heard("Ben", "where is Ann?", "2026-03-01T08:00:00Z"));
    }

    @Test
    void refusesHalfOfASurrogatePair() {
        join("harbour", "chat.v2").send(said("Ann", "\\ud83d")).expectClosed(1007);
        join("harbour", "chat.v2").send(said("\\ude00", "ahoy")).expectClosed(1007);
        join("harbour", "chat.v2").send(said("\\ud83d", "\\ude00")).expectClosed(1007);
        join("harbour", "chat.v2").send(said("Ann", "\\ud83d\\ude00")).expectText(heard("Ann", "😀", "2026-03-01T08:00:00Z"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", " ", "12345678901234567890123456789012345678901"})
    void refusesANameThatIsNone(String name) {
        Probe ann = join("harbour", "chat.v2").send(said(name, "ahoy"));
        assertThat(ann.expectClosed().status().toString()).isEqualTo("1008 a name has 1 to 40 characters, and is not blank");
    }

    @ParameterizedTest
    @ValueSource(strings = {"chat.v1", "chat.v2"})
    void refusesATextOverTheLimit(String subprotocol) {
        String longest = "🚢".repeat(Said.MAX_TEXT);
        Probe ben = join("harbour", "chat.v1");
        Probe ann = join("harbour", subprotocol);

        ann.send(subprotocol.equals("chat.v1") ? longest : said("🚢".repeat(Said.MAX_NAME), longest));
        ben.expectText(longest);
        ann.expectMessage();

        ann.send(subprotocol.equals("chat.v1") ? longest + "!" : said("Ann", longest + "!"));
        assertThat(ann.expectClosed().status().toString()).isEqualTo("1009 a text has up to 2000 characters, not 2001");
        ben.expectNoMessage();
    }

    @Test
    void takesTheLongestTextInItsLongestForm() {
        Probe ann = join("harbour", "chat.v2");
        ann.send(said("\\ud83d\\udea2".repeat(Said.MAX_NAME), "\\ud83d\\udea2".repeat(Said.MAX_TEXT)));
        ann.expectText(heard("🚢".repeat(Said.MAX_NAME), "🚢".repeat(Said.MAX_TEXT), "2026-03-01T08:00:00Z"));
    }

    @Test
    void refusesAMessageOverTheLimitAndBytes() {
        join("harbour", "chat.v1").send("x".repeat((32 << 10) + 1)).expectClosed(1009);
        join("harbour", "chat.v2").send(new byte[3]).expectClosed(1003);
    }

    @Test
    void hearsNobodyWhoWasRefused() {
        Probe ben = join("harbour", "chat.v1");
        Probe ann = join("harbour", "chat.v2");
        ann.send("no JSON").send(said("Ann", "but now")).expectClosed(1007);
        ben.expectNoMessage();
    }

    // ---- who comes, goes, and is slow

    @Test
    void letsTheSlowGoAndHoldsUpNobody() {
        Probe slow = join("harbour", "chat.v1");
        Probe ann = join("harbour", "chat.v1");
        test.settle();
        test.toClient(slow.connection()).pause();
        String text = "x".repeat(Said.MAX_TEXT);

        for (int i = 0; i < 400; i++) { // 800 kB: more than both networks and the server keep for it
            ann.send(text).expectText(text);
        }
        test.toClient(slow.connection()).resume();

        slow.skipTo(message -> message.text().equals(text), "what was said in time");
        test.await("the slow one to leave", () -> slow.connection().closed().toCompletableFuture().isDone());
        assertThat(slow.connection().closed().toCompletableFuture().join().status().toString()).isEqualTo("1008 too slow to receive");
        ann.send("still here").expectText("still here");
    }

    @Test
    void keepsNoRoomThatNobodyIsIn() {
        for (int i = 0; i < 50; i++) {
            String room = "room" + i % 7;
            join(room, "chat.v1").close(1000, "");
            join(room, "chat.v2").abort();
            join(room, "chat.v2").send("no JSON").expectClosed(1007);
        }
        test.await("all rooms to be gone", () -> chat.rooms() == 0);

        Probe ann = join("room1", "chat.v1");
        ann.send("ahoy").expectText("ahoy");
        assertThat(chat.rooms()).isOne();
    }

    @Test
    void keepsARoomUntilTheLastHasLeft() {
        Probe ann = join("harbour", "chat.v1");
        Probe ben = join("harbour", "chat.v1");
        ann.complete().expectClosed(1000);
        test.settle();
        Probe cat = join("harbour", "chat.v1");
        cat.send("ahoy");
        ben.expectText("ahoy");
        assertThat(chat.rooms()).isOne();
    }

    @Test
    void refusesOneRoomTooMany() {
        List<Probe> guests = new ArrayList<>();
        for (int i = 0; i < Chat.MAX_ROOMS; i++) {
            guests.add(join("room" + i, "chat.v1"));
        }
        test.settle();

        assertThat(refusal("one-more")).startsWith("503").contains("1000 rooms");
        join("room5", "chat.v2");

        guests.get(7).complete().expectClosed(1000);
        test.await("a room to be free", () -> chat.rooms() < Chat.MAX_ROOMS);
        join("one-more", "chat.v1").send("ahoy").expectText("ahoy");
    }

    @Test
    void refusesOneMemberTooMany() {
        for (int i = 0; i < Chat.MAX_MEMBERS; i++) {
            join("harbour", i % 2 == 0 ? "chat.v1" : "chat.v2");
        }
        test.settle();
        assertThat(refusal("harbour")).startsWith("503").contains("full");
        join("elsewhere", "chat.v1").send("ahoy").expectText("ahoy");
    }

    @Test
    void closesForWhoeverFindsNoPlaceAnyMore() {
        WebSocketHandler late = chat.plain("late");
        for (int i = 0; i < Chat.MAX_ROOMS; i++) {
            join("room" + i, "chat.v1");
        }
        try (HawserTest behind = HawserTest.of(late)) {
            assertThat(behind.webSocket("/").expectClosed().status().toString()).isEqualTo("1013 All 1000 rooms are taken");
        }
    }

    @Test
    void refusesANameOfARoomThatIsTooLong() {
        join("x".repeat(Chat.MAX_ROOM_NAME), "chat.v1").send("ahoy").expectText("ahoy");
        assertThat(refusal("x".repeat(Chat.MAX_ROOM_NAME + 1))).startsWith("400").contains("64");
    }

    private String refusal(String room) {
        Response response = test.upgrade("/chat/" + room, o -> o.subprotocols("chat.v2")).response();
        return response.status() + " " + response.bodyText();
    }
}
