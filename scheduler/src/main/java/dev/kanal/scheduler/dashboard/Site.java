package dev.kanal.scheduler.dashboard;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.regex.Pattern;

/**
 * The dashboard as a whole: one page, which shows whatever its URL names, and the files that it
 * needs. Its style sheet and the script that chooses the theme stand in the page itself, so that
 * the first paint waits for nothing else. All files stand below {@code assets/VERSION/}, where
 * VERSION changes with any of them, so that browsers may keep them for good; those two for pages of
 * an older release. Modules name each other by relative paths, and so does the page, so that it
 * works behind any path prefix.
 */
public final class Site {
  private static final String HTML = "text/html; charset=utf-8";
  private static final String PAGE = "index.html";
  private static final String STYLE = "app.css";
  private static final String SCRIPT = "theme.js";
  private static final Pattern PATH =
      Pattern.compile("/|/failures/?|/(queues|jobs|workers|schedules)(/[^/]+)?/?");
  private static final Map<String, String> MEDIA_TYPES =
      Map.of(
          "css", "text/css; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "svg", "image/svg+xml; charset=utf-8");
  private static final int VERSION_BYTES = 8;

  /** Of the page: how many directories below the root it is asked for, at most. */
  static final int DEEPEST = 8;

  private final String version;
  private final String styleHash;
  private final String scriptHash;
  private final Map<String, Asset> assets = new HashMap<>();
  private final Asset[] pages = new Asset[DEEPEST + 1];

  private Site(SortedMap<String, byte[]> files) {
    this.version = HexFormat.of().formatHex(hash(files), 0, VERSION_BYTES);
    String style = text(files, STYLE);
    String script = text(files, SCRIPT);
    this.styleHash = hash(style);
    this.scriptHash = hash(script);
    files.forEach(
        (path, content) -> {
          String type = MEDIA_TYPES.get(path.substring(path.lastIndexOf('.') + 1));
          if (type != null) {
            assets.put(path, Asset.of(type, content));
          }
        });
    String page = text(files, PAGE).replace("{version}", version);
    for (int depth = 0; depth <= DEEPEST; depth++) {
      String whole =
          page.replace("{root}", depth == 0 ? "./" : "../".repeat(depth))
              .replace("{style}", style)
              .replace("{script}", script);
      pages[depth] = Asset.of(HTML, whole.getBytes(UTF_8));
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

  /** What a Content-Security-Policy calls the page's own style sheet. */
  public String styleHash() {
    return styleHash;
  }

  /** What a Content-Security-Policy calls the page's own script. */
  public String scriptHash() {
    return scriptHash;
  }

  /** A file by its path below {@code assets/VERSION/}. */
  public Optional<Asset> asset(String path) {
    return Optional.ofNullable(assets.get(path));
  }

  /** The page, if {@code path} is one of the dashboard's. */
  public Optional<Asset> page(String path) {
    return PATH.matcher(path).matches() ? anywhere(path) : Optional.empty();
  }

  /**
   * The page, which says itself if there is nothing at {@code path}; none where the path is too
   * deep.
   */
  public Optional<Asset> anywhere(String path) {
    int depth = (int) path.chars().filter(each -> each == '/').count() - 1;
    return depth < 0 || depth > DEEPEST ? Optional.empty() : Optional.of(pages[depth]);
  }

  private static String text(SortedMap<String, byte[]> files, String path) {
    byte[] content = files.get(path);
    if (content == null) {
      throw new IllegalStateException("Expected " + path + " in the site, but it is not");
    }
    return new String(content, UTF_8);
  }

  private static byte[] hash(SortedMap<String, byte[]> files) {
    MessageDigest digest = sha256();
    files.forEach(
        (path, content) -> {
          digest.update((path + '\n' + content.length + '\n').getBytes(UTF_8));
          digest.update(content);
        });
    return digest.digest();
  }

  private static String hash(String text) {
    byte[] digest = sha256().digest(text.getBytes(UTF_8));
    return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Expected SHA-256, which every Java has", e);
    }
  }
}
