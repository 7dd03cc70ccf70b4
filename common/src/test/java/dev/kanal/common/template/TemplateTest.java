package dev.kanal.common.template;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.error.Invariant;
import dev.kanal.common.job.JsonBytes;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TemplateTest {
  private static final int MAX = 1_000;
  private static final String INPUT = "{\"bucket\":\"b1\",\"n\":[1,22]}";
  private static final Map<String, String> RESULTS =
      Map.of("list", "{\"files\":[\"x\",\"y\"]}", "none", "null");
  private static final String ITEM = "{\"file\":\"x\",\"$from\":\"list\"}";

  /** A template, and what comes of it for the second member of a map. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '>',
      quoteCharacter = '\'',
      value = {
        "{\"a\": 1 }                                        > {\"a\": 1 }",
        "{\"$input\":\"\"}                                  > {\"bucket\":\"b1\",\"n\":[1,22]}",
        "{\"b\":{\"$input\":\"/bucket\"},\"c\":2}           > {\"b\":\"b1\",\"c\":2}",
        "[{\"$input\":\"/n/1\"} ,{\"$input\":\"/n\"}]       > [22 ,[1,22]]",
        "{\"$from\":\"list\",\"at\":\"/files/0\"}           > \"x\"",
        "{\"at\":\"/files/0\",\"$from\":\"list\"}           > \"x\"",
        "{\"$from\":\"list\"}                               > {\"files\":[\"x\",\"y\"]}",
        "{\"$from\":\"none\"}                               > null",
        "{\"$from\":\"none\",\"at\":\"/a\",\"or\":[ 1 ]}    > [ 1 ]",
        "{\"$from\":\"away\",\"or\":null}                   > null",
        "{\"$from\":\"away\",\"or\":{\"$literal\":{\"$from\":\"q\"}}} > {\"$from\":\"q\"}",
        "{\"$input\":\"/z\",\"or\":{\"at\":1}}              > {\"at\":1}",
        "{\"$flow\":\"/id\"}                                > \"f1\"",
        "{\"i\":{\"$index\":\"\"}}                          > {\"i\":1}",
        "{\"$item\":\"/file\"}                              > \"x\"",
        "{\"$item\":\"\"}                                   > {\"file\":\"x\",\"$from\":\"list\"}",
        "[{\"$prev\":\"/w\"},{\"$prev\":\"/h\",\"or\":0}]   > [64,0]",
        "{\"$literal\":{\"$from\":5}}                       > {\"$from\":5}",
        "{\"$literal\":{\"$literal\":1}}                    > {\"$literal\":1}",
        "{\"h\":{\"$secret\":\"T\"}}                        > {\"h\":{\"$secret\":\"T\"}}",
        "{\"$schema\":\"s\",\"type\":1}                     > {\"$schema\":\"s\",\"type\":1}",
        "{\"at\":{\"$input\":\"/bucket\"},\"or\":2}         > {\"at\":\"b1\",\"or\":2}",
        "\"$from\"                                          > \"$from\"",
        "[]                                                 > []",
        "'-1.50e3 '                                         > '-1.50e3 '"
      })
  void shouldPutValuesInTheirPlaces(String template, String expected) throws TemplateException {
    assertEquals(expected, filled(template));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '>',
      quoteCharacter = '\'',
      value = {
        "{\"a\":[{\"$form\":\"x\"}]}         > /a/0 > but got $form",
        "{\"$from\":5}                       >      > Expected a text as $from",
        "{\"$from\":\"a\",\"At\":\"/x\"}     >      > nothing but at and or, but got At",
        "{\"$from\":\"a\",\"at\":5}          >      > JSON pointer as at",
        "{\"$from\":\"a\",\"at\":\"x\"}      >      > begins with /",
        "{\"$input\":\"\",\"at\":\"/x\"}     >      > nothing but or, but got at",
        "{\"$index\":\"\",\"or\":1}          >      > $index alone",
        "{\"$index\":\"/x\"}                 >      > {\"$index\":\"\"}",
        "{\"$literal\":1,\"a\":2}            >      > $literal alone",
        "{\"x\":{\"a\":2,\"$literal\":1}}    > /x   > $literal alone",
        "{\"$from\":\"a\",\"$input\":\"\"}   >      > but got $input",
        "{\"$item\":\"\",\"or\":{\"$item\":\"\"}} > > plain data as or",
        "{\"$item\":\"/~\"}                  >      > before 0 or 1",
        "{\"a~/b\":{\"$x\":1}}               > /a~0~1b > but got $x",
        "{\"a\":1,\"a\":2}                   >      > repeated names",
        "{\"a\":                             >      > at byte",
        "' '                                 >      > got nothing",
        "1 2                                 >      > more follows"
      })
  void shouldRefuseWhatIsNoTemplate(String template, @Nullable String pointer, String detail) {
    TemplateException e =
        assertThrows(TemplateException.class, () -> Template.parse(JsonBytes.of(template)));

    assertEquals(pointer == null ? "" : pointer, e.pointer());
    assertTrue(e.detail().contains(detail), e.detail());
  }

  @Test
  void shouldSayWhatIsMissing() throws TemplateException {
    assertEquals("$from list at /files/9", missing("[{\"$from\":\"list\",\"at\":\"/files/9\"}]"));
    assertEquals("$from away", missing("{\"$from\":\"away\"}"));
    assertEquals("$item at /z", missing("{\"$item\":\"/z\"}"));
    var noItem = new MemberValues(null, 0, null);
    assertInstanceOf(Filling.Missing.class, parse("{\"$item\":\"\"}").atMember(noItem, MAX));
    assertInstanceOf(Filling.Missing.class, parse("{\"$prev\":\"\"}").atMember(noItem, MAX));
  }

  @Test
  void shouldBeAsLargeAsItMay_andNotLarger() throws TemplateException {
    Template template = parse("[{\"$input\":\"\"},{\"$item\":\"\"}]");
    int whole = 3 + INPUT.length() + ITEM.length();
    Template home = value(template.atHome(home(), whole));

    assertEquals(whole, value(home.atMember(member(), whole)).length());
    assertEquals(new Filling.TooLarge<>(whole - 1), home.atMember(member(), whole - 1));
    assertInstanceOf(Filling.TooLarge.class, template.atHome(home(), 10));
  }

  @Test
  void shouldSayWhatItRefersTo() throws TemplateException {
    Template template =
        parse(
            "[{\"$from\":\"b\"},{\"$from\":\"a\",\"at\":\"/x\"},{\"$item\":\"\"},{\"$flow\":\"\"}]");

    assertEquals(Set.of("a", "b"), template.steps());
    assertTrue(template.uses(Word.ITEM) && template.uses(Word.FLOW));
    assertFalse(template.uses(Word.PREV) || template.uses(Word.INPUT) || template.isPlain());
    assertTrue(parse("{\"$literal\":{\"$from\":\"x\"}}").isPlain());
    assertTrue(parse(" [1]").mayBeArray() && parse("{\"$literal\":[]}").mayBeArray());
    assertFalse(parse("{\"a\":{\"$from\":\"x\"}}").mayBeArray());
  }

  @Test
  void shouldNotBeFilledForAMember_beforeItIsAtHome() throws TemplateException {
    Template template = parse("{\"$input\":\"\"}");
    assertThrows(IllegalStateException.class, () -> template.atMember(member(), MAX));
  }

  @Test
  void shouldBeBoundedInDepthAndReferences() throws TemplateException {
    int most = Template.DEPTH_MAX;
    assertTrue(parse("[".repeat(most) + "]".repeat(most)).isPlain());
    assertThrows(TemplateException.class, () -> parse("[".repeat(most + 1)));
    assertThrows(TemplateException.class, () -> parse("{\"a\":".repeat(200_000)));

    String one = "{\"$index\":\"\"},";
    assertTrue(parse("[" + one.repeat(Template.REFERENCES_MAX) + "1]").uses(Word.INDEX));
    assertThrows(
        TemplateException.class, () -> parse("[" + one.repeat(Template.REFERENCES_MAX + 1) + "1]"));
  }

  /** Each document is read once, or this would take minutes. */
  @Test
  void shouldNotTakeReferencesTimesDocument() throws TemplateException {
    String document = "[" + "1,".repeat(60_000) + "1]";
    StringBuilder template = new StringBuilder("[0");
    for (int i = 0; i < Template.REFERENCES_MAX; i++) {
      template.append(",{\"$item\":\"/").append(60_000 - i).append("\"}");
    }
    var values = new MemberValues(JsonBytes.of(document), 0, null);
    Template parsed = parse(template.append("]").toString());
    for (int i = 0; i < 20; i++) {
      assertEquals(
          3 + 2 * Template.REFERENCES_MAX, value(parsed.atMember(values, 10_000)).length());
    }
  }

  @Test
  void shouldNeverTakeDataOfUsersForReferences() throws TemplateException {
    long seed = new Random().nextLong();
    var random = new Random(seed);
    var json = new RandomJson(random);
    for (int i = 0; i < 3_000; i++) {
      JsonBytes data = JsonBytes.of(json.next(4));
      String seen = "seed " + seed + ": " + data;
      Template literal = parse("{\"a\":{\"$literal\":" + data + "}}");
      assertEquals("{\"a\":" + data + "}", atMember(literal), seen);

      Template home = parse("[{\"$input\":\"\"},{\"$item\":\"\"},{\"$index\":\"\"}]");
      Template stored = home(home, data);
      assertEquals("[" + data + "," + ITEM + ",1]", atMember(stored), seen);
      assertEquals(stored, Template.fromBytes(stored.toBytes()), seen);

      JsonBytes given = value(parse("{\"$item\":\"\"}").atMember(member(data), 10_000));
      assertEquals(data, given, seen);
    }
  }

  /** A document that happens to be a template is one, whatever is around it, and comes back. */
  @Test
  void shouldBeReadAgainAsItWasWritten() {
    long seed = new Random().nextLong();
    var random = new Random(seed);
    var json = new RandomJson(random);
    int templates = 0;
    for (int i = 0; i < 5_000; i++) {
      JsonBytes document = JsonBytes.of(json.next(4));
      Template template = parsedOrNull(document);
      if (template != null) {
        templates++;
        assertEquals(template, Template.fromBytes(template.toBytes()), "seed " + seed);
        if (template.isPlain() && !document.toString().contains(Word.LITERAL)) {
          assertEquals(document.toString(), atMember(template), "seed " + seed);
        }
      }
    }
    int seen = templates;
    assertTrue(seen > 1_000, () -> "templates " + seen);
  }

  private static Template parse(String json) throws TemplateException {
    return Template.parse(JsonBytes.of(json));
  }

  private static @Nullable Template parsedOrNull(JsonBytes json) {
    try {
      return Template.parse(json);
    } catch (TemplateException _) {
      return null;
    }
  }

  private static String filled(String template) throws TemplateException {
    return atMember(value(parse(template).atHome(home(), MAX)));
  }

  private static String missing(String template) throws TemplateException {
    return switch (parse(template).atHome(home(), MAX)) {
      case Filling.Missing<Template>(String reference) -> reference;
      case Filling.Filled<Template>(Template home) ->
          assertInstanceOf(Filling.Missing.class, home.atMember(member(), MAX)).reference();
      case Filling.TooLarge<Template> other -> other.toString();
    };
  }

  private static Template home(Template template, JsonBytes input) {
    return value(template.atHome(new Home(input), 10_000));
  }

  private static String atMember(Template template) {
    return value(template.atMember(member(), 10_000)).toString();
  }

  private static MemberValues member() {
    return member(JsonBytes.of(ITEM));
  }

  private static MemberValues member(JsonBytes item) {
    return new MemberValues(item, 1, JsonBytes.of("{\"w\":64}"));
  }

  private static HomeValues home() {
    return new Home(JsonBytes.of(INPUT));
  }

  private static <T> T value(Filling<T> filling) {
    Invariant.check(filling instanceof Filling.Filled<T>, filling::toString);
    return ((Filling.Filled<T>) filling).value();
  }

  private record Home(JsonBytes input) implements HomeValues {
    @Override
    public @Nullable JsonBytes result(String step) {
      String result = RESULTS.get(step);
      return result == null ? null : JsonBytes.of(result);
    }

    @Override
    public JsonBytes flow() {
      return JsonBytes.of("{\"id\":\"f1\"}");
    }
  }
}
