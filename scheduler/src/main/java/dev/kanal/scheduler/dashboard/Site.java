package dev.kanal.scheduler.dashboard;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The dashboard as a whole: one page, which shows whatever its URL names, and the files that it
 * needs. Files stand below {@code assets/VERSION/}, where VERSION changes with any of them, so that
 * browsers may keep them for good; modules name each other by relative paths, and so does the page,
 * so that it works behind any path prefix.
 */
public final class Site {
  private static final String HTML = "text/html; charset=utf-8";
  private static final String PAGE = "index.html";
  private static final Pattern PATH =
      Pattern.compile("/|/(queues|jobs|failures|workers|schedules)(/[^/]+)?/?");
  private static final Map<String, String> MEDIA_TYPES =
      Map.of(
          "css", "text/css; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "svg", "image/svg+xml; charset=utf-8");
  private static final int VERSION_BYTES = 8;

  /** Of the page: how many directories below the root it is asked for, at most. */
  private static final int DEEPEST = 2;

  private final String version;
  private final Map<String, Asset> assets = new HashMap<>();
  private final Asset[] pages = new Asset[DEEPEST + 1];

  private Site(SortedMap<String, byte[]> files) {
    this.version = hash(files);
    files.forEach(
        (path, content) -> {
          String type = MEDIA_TYPES.get(path.substring(path.lastIndexOf('.') + 1));
          if (type != null) {
            assets.put(path, Asset.of(type, content));
          }
        });
    String page = text(files.get(PAGE)).replace("{version}", version);
    for (int depth = 0; depth <= DEEPEST; depth++) {
      String root = depth == 0 ? "./" : "../".repeat(depth);
      pages[depth] = Asset.of(HTML, page.replace("{root}", root).getBytes(UTF_8));
    }
  }

  /** Reads all files. */
  public static Site load() {
    return new Site(SiteFiles.read());
  }

  /** Changes with any file. */
  public String version() {
    return version;
  }

  /** A file by its path below {@code assets/VERSION/}. */
  public Optional<Asset> asset(String path) {
    return Optional.ofNullable(assets.get(path));
  }

  /** The page, if {@code path} is one of the dashboard's. */
  public Optional<Asset> page(String path) {
    if (!PATH.matcher(path).matches()) {
      return Optional.empty();
    }
    int depth = (int) path.chars().filter(each -> each == '/').count() - 1;
    return Optional.of(pages[depth]);
  }

  private static String text(byte @Nullable [] content) {
    if (content == null) {
      throw new IllegalStateException("Expected " + PAGE + " in the site, but it is not");
    }
    return new String(content, UTF_8);
  }

  private static String hash(SortedMap<String, byte[]> files) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      files.forEach(
          (path, content) -> {
            digest.update((path + '\n' + content.length + '\n').getBytes(UTF_8));
            digest.update(content);
          });
      return HexFormat.of().formatHex(digest.digest(), 0, VERSION_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Expected SHA-256, which every Java has", e);
    }
  }
}
