package dev.kanal.common.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HttpUrlTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          http://a.example             | http://a.example/
          HTTP://A.Example:80/x        | http://a.example/x
          https://a.example:443        | https://a.example/
          https://a.example:8443/x#y   | https://a.example:8443/x
          http://a.example:/x          | http://a.example/x
          http://a.example./x          | http://a.example./x
          http://localhost:65535/      | http://localhost:65535/
          http://10.0.0.1:1/           | http://10.0.0.1:1/
          http://[::1]:8080/x          | http://[::1]:8080/x
          http://a/b/../c/./d//e;f=g   | http://a/b/../c/./d//e;f=g
          http://a/x?y[]=1&z=%C3%BC    | http://a/x?y[]=1&z=%C3%BC
          http://a/stra\u00dfe?q=\u00fc | http://a/stra%C3%9Fe?q=%C3%BC
          http://a/\ud83d\ude00        | http://a/%F0%9F%98%80
          http://my_service:1/ok       | http://my_service:1/ok
          http://a-.b/                 | http://a-.b/
          http://pod-0.1svc/           | http://pod-0.1svc/
          """)
  void shouldBeSentAsItIsMeant(String text, String expected) throws Exception {
    HttpUrl url = HttpUrl.parse(text);
    assertEquals(expected, url.text());
    assertEquals(url.isPlain(), URI.create(url.text()).getHost() != null, "as Java sees it");
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " => ",
      quoteCharacter = '`',
      textBlock =
          """
          not a url => there is no scheme
          ftp://a/ => the scheme is ftp
          http:///x => there is no host
          http:x => there is no host
          http://:80/ => there is no host
          http://user:pw@a/ => there is a user in it; use the Authorization header
          http://a:99999/ => the port is 99999 and not one from 1 to 65535
          http://a:65536/ => the port is 65536 and not one from 1 to 65535
          http://a:0/ => the port is 0 and not one from 1 to 65535
          http://a:99999999999/ => the port is 99999999999 and not one from 1 to 65535
          http://a:-1/ => the port is -1 and not one from 1 to 65535
          http://a:8x/ => the port is 8x and not one from 1 to 65535
          http://b\u00fccher.example/ => the host has U+00FC; write such names in their ASCII form (xn--…)
          http://a%41/ => the host has '%'
          http://a b/ => the host has U+0020
          http://a..b/ => the host has an empty part, or one of more than 63 characters
          http://./ => the host has an empty part, or one of more than 63 characters
          http://[::1/ => the host is no address of IPv6 in brackets
          http://[::g]/ => the host is no address of IPv6 in brackets
          http://0x7f.1/ => the host 0x7f.1 is neither a name nor an address of four decimal numbers
          http://2852039166/ => the host 2852039166 is neither a name nor an address of four decimal numbers
          http://010.0.0.1/ => the host 010.0.0.1 is neither a name nor an address of four decimal numbers
          http://999.0.0.1/ => the host 999.0.0.1 is neither a name nor an address of four decimal numbers
          http://169.254.169.254./ => the host 169.254.169.254. is neither a name nor an address of four decimal numbers
          https://my_service/ => https knows no host such as my_service: names are letters, digits and '-'
          http://a/x y => there is U+0020 in its path
          http://a/x?y=|z => there is '|' in its query
          http://a/%zz => in its path a '%' stands without two hex digits
          http://a/%4 => in its path a '%' stands without two hex digits
          http://a/\ud83d => there is U+D83D in its path
          """)
  void shouldSayWhatIsWrong(String text, String why) {
    var bad = assertThrows(HttpUrl.BadUrlException.class, () -> HttpUrl.parse(text));
    assertEquals(why, bad.why());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ?page=2              | http://a/b/r?page=2
          c d                  | http://a/b/c%20d
          /%zz?x="y"           | http://a/%25zz?x=%22y%22
          /\u00c3\u00bc        | http://a/%C3%BC
          //b:8080/x           | http://b:8080/x
          ../../x#y            | http://a/x
          """)
  void shouldFollowWhatServersSend(String location, String expected) throws Exception {
    assertEquals(expected, HttpUrl.parse("http://a/b/r").resolve(location).text());
  }

  @Test
  void shouldShowNoQuery_andKnowItsOrigin() throws Exception {
    HttpUrl url = HttpUrl.parse("https://A.example./x?token=hush");
    assertEquals("https://a.example./x", url.toString());
    assertEquals("https://a.example./x?token=hush", url.text());
    assertEquals("a.example", url.name());
    assertTrue(url.sharesOrigin(HttpUrl.parse("https://a.example:443/y")));
    assertFalse(url.sharesOrigin(HttpUrl.parse("https://a.example:444/y")));
    assertFalse(url.sharesOrigin(HttpUrl.parse("http://a.example:443/y")));
  }
}
