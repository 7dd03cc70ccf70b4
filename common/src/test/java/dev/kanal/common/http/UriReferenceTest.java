package dev.kanal.common.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class UriReferenceTest {
  private static final UriReference BASE = UriReference.parse("http://a/b/c/d;p?q");

  /** RFC 3986, section 5.4.1. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          g:h           | g:h
          g             | http://a/b/c/g
          ./g           | http://a/b/c/g
          g/            | http://a/b/c/g/
          /g            | http://a/g
          //g           | http://g
          ?y            | http://a/b/c/d;p?y
          g?y           | http://a/b/c/g?y
          '#s'          | http://a/b/c/d;p?q#s
          g#s           | http://a/b/c/g#s
          g?y#s         | http://a/b/c/g?y#s
          ;x            | http://a/b/c/;x
          g;x           | http://a/b/c/g;x
          g;x?y#s       | http://a/b/c/g;x?y#s
          ''            | http://a/b/c/d;p?q
          .             | http://a/b/c/
          ./            | http://a/b/c/
          ..            | http://a/b/
          ../           | http://a/b/
          ../g          | http://a/b/g
          ../..         | http://a/
          ../../        | http://a/
          ../../g       | http://a/g
          """)
  void shouldResolveNormalExamples(String reference, String expected) {
    assertEquals(expected, BASE.resolve(UriReference.parse(reference)).toString());
  }

  /** RFC 3986, section 5.4.2. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ../../../g    | http://a/g
          ../../../../g | http://a/g
          /./g          | http://a/g
          /../g         | http://a/g
          g.            | http://a/b/c/g.
          .g            | http://a/b/c/.g
          g..           | http://a/b/c/g..
          ..g           | http://a/b/c/..g
          ./../g        | http://a/b/g
          ./g/.         | http://a/b/c/g/
          g/./h         | http://a/b/c/g/h
          g/../h        | http://a/b/c/h
          g;x=1/./y     | http://a/b/c/g;x=1/y
          g;x=1/../y    | http://a/b/c/y
          g?y/./x       | http://a/b/c/g?y/./x
          g?y/../x      | http://a/b/c/g?y/../x
          g#s/./x       | http://a/b/c/g#s/./x
          g#s/../x      | http://a/b/c/g#s/../x
          http:g        | http:g
          """)
  void shouldResolveAbnormalExamples(String reference, String expected) {
    assertEquals(expected, BASE.resolve(UriReference.parse(reference)).toString());
  }

  /** What the examples leave out. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          http://a      | g            | http://a/g
          http://a      | ?y           | http://a?y
          http://a?x    | g            | http://a/g
          http://a/b?x  | '#s'         | http://a/b?x#s
          http://a/b?x  | ?            | http://a/b?
          http://a/b    | //g/../h     | http://g/h
          http://a/b    | HTTP://g/./h | HTTP://g/h
          http://a/b/c  | a:b@c/d      | a:b@c/d
          http://a/b/c  | ./a:b        | http://a/b/a:b
          http://a/b//c | ../d         | http://a/b/d
          http://a/b/   | .//c         | http://a/b//c
          """)
  void shouldResolveWhatTheExamplesLeaveOut(String base, String reference, String expected) {
    UriReference resolved = UriReference.parse(base).resolve(UriReference.parse(reference));
    assertEquals(expected, resolved.toString());
  }
}
