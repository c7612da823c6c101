package convscope.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import convscope.topic.Topic;
import convscope.topic.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;

/** The listings of the course, as the site shows them, run by Python where that is installed. */
class ListingsTest {
  private static final int COLUMNS = 72;
  private static final Pattern LISTING = Pattern.compile("(?s)<pre[^>]*><code>(.*?)</code></pre>");

  @TempDir Path folder;

  /** Every listing of the chapters' pages, by the topic in whose section it stands. */
  private List<Path> listings() throws IOException {
    List<Path> files = new ArrayList<>();
    try (Stream<Path> pages = Files.walk(Site.FOLDER, 2)) {
      for (Path page : pages.filter(file -> file.endsWith("index.html")).toList()) {
        String[] sections = Files.readString(page).split("<section class=\"topic\" id=\"", -1);
        for (int n = 1; n < sections.length; n++) {
          String slug = sections[n].substring(0, sections[n].indexOf('"'));
          Matcher listing = LISTING.matcher(sections[n]);
          for (int k = 0; listing.find(); k++) {
            Path file = folder.resolve(slug + (k == 0 ? "" : "-" + k) + ".py");
            files.add(Files.writeString(file, text(listing.group(1))));
          }
        }
      }
    }
    return files;
  }

  private static String text(String html) {
    return html.replaceAll("<[^>]*>", "")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&");
  }

  @Test
  void everyTopicHasAListingThatImportsWhatItUsesAssertsSomethingAndFitsItsColumn()
      throws IOException {
    List<Path> files = listings();
    for (Topic<?> topic : Topics.all()) {
      assertThat(files).contains(folder.resolve(topic.slug() + ".py"));
    }
    for (Path file : files) {
      String code = Files.readString(file);
      assertThat(code).as(file.toString()).contains("import ").containsPattern("assert|raises");
      assertThat(code.lines()).as(file.toString()).allMatch(line -> line.length() <= COLUMNS);
    }
  }

  @Test
  void everyListingRunsWithoutAnErrorInPython() throws Exception {
    List<Path> files = listings();
    String said = Python.runAll(folder);
    if (said == null) {
      throw new TestAbortedException("no Python here: the listings were not run");
    }
    System.out.println("Listings of the course: " + said.replaceFirst("(?s)\n.*", ""));
    Files.writeString(Path.of("target/listings.txt"), said);
    assertThat(said.lines().skip(1)).hasSize(files.size()).noneMatch(s -> s.startsWith("FAILED"));
  }
}
