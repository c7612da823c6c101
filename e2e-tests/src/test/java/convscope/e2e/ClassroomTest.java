package convscope.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Download;
import com.microsoft.playwright.FrameLocator;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import convscope.exercise.Assignment;
import convscope.site.SiteServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Assignments: set, done, handed in, graded, and given to a learning platform. */
class ClassroomTest extends SiteTest {
  private static final String QUERY =
      "title=Week%203&due=2027-01-15&seed=w3&each=on&items=output-size:1:2";

  @TempDir Path folder;

  /** What is right for a student, question by question. */
  private static String right(Assignment assignment, String name, int n) {
    return assignment.tasks(name).get(n).question().parts().get(0).right().shown(0);
  }

  private static void answer(Locator exercise, String text) {
    exercise.locator(".exercise.live").waitFor();
    exercise.locator("#a-out").fill(text);
    exercise.locator("#a-out").press("Enter");
  }

  @Test
  void anAssignmentIsSetDoneGoneOnWithHandedInAndGraded() throws IOException {
    Page page = open("exercises/assign/index.html?" + QUERY);
    page.locator("[data-said] >> text=2 questions, 2 points").waitFor();
    String link = page.locator("[data-link] textarea").inputValue();
    assertThat(link).endsWith("exercises/assignment/index.html?" + QUERY);
    Assignment assignment = Assignment.of(QUERY);

    page.navigate(link);
    begin(page, "Ada Lovelace");
    answer(page.locator("conv-scope").nth(0), right(assignment, "Ada Lovelace", 0));
    page.locator("[data-score] >> text=1 of 2 answered, 1 of 2 points").waitFor();
    page.reload();
    begin(page, "ada  lovelace");
    page.locator("[data-score] >> text=0 of 2 answered")
        .waitFor(); // another spelling is another person here
    page.reload();
    begin(page, "Ada Lovelace");
    page.locator("[data-score] >> text=1 of 2 answered, 1 of 2 points").waitFor();
    answer(page.locator("conv-scope").nth(1), "99");
    page.locator("[data-score] >> text=2 of 2 answered, 1 of 2 points").waitFor();
    Path file = folder.resolve("ada.json");
    Download saved = page.waitForDownload(() -> page.locator("[data-file]").click());
    saved.saveAs(file);
    page.locator("[data-code]").click();
    String code = page.locator("[data-code-place] textarea").inputValue();

    page.navigate(site().strict.url() + "exercises/grade/index.html");
    Path cut = folder.resolve("cut.json");
    Files.writeString(cut, Files.readString(file).substring(0, 120));
    Path tampered = folder.resolve("tampered.json");
    Files.writeString(tampered, Files.readString(file).replace("Ada Lovelace", "Eve"));
    page.waitForFileChooser(() -> page.locator("[data-choose]").click())
        .setFiles(new Path[] {file, cut, tampered});
    page.locator(".grades tbody tr").waitFor();
    assertThat(page.locator(".grades tbody").innerText())
        .contains("Ada Lovelace")
        .contains("1 of 2");
    assertThat(page.locator("[data-troubles]").innerText())
        .contains("cut.json: it breaks off")
        .contains("tampered.json: it was changed");
    page.locator("[name=codes]").fill(code.replaceAll("(.{60})", "$1\n"));
    page.locator("[data-read]").click();
    page.locator("[data-troubles] >> text=already graded").waitFor();
    Download csv = page.waitForDownload(() -> page.locator("[data-csv]").click());
    csv.saveAs(folder.resolve("grades.csv"));
    assertThat(Files.readString(folder.resolve("grades.csv"))).contains("\"Ada Lovelace\",1,2,50,");
  }

  private static void begin(Page page, String name) {
    page.locator("[data-name-form] input").fill(name);
    page.locator("[data-name-form] input").press("Enter");
    page.locator("conv-scope .exercise.live").nth(1).waitFor();
  }

  @Test
  void aLinkThatSetsNothingIsNamed() {
    Page page = open("exercises/assignment/index.html?items=pool:1");
    page.locator("text=This link leads to no assignment").waitFor();
    page.locator("text=there is no “pool”").waitFor();
  }

  /** A platform: a page with scorm-again's run-time, and the package in a frame. */
  private static final String PLATFORM =
      """
      <!DOCTYPE html><html lang=en><meta charset=utf-8><title>Platform</title><link rel=icon href=data:,>
      <script src=runtime.js></script>
      <script>
      const kept = JSON.parse(localStorage.getItem('kept') ?? 'null');
      const api = new (%s)({ autocommit: false, logLevel: 5 });
      if (kept) { api.loadFromJSON(kept.cmi ?? kept, 'cmi'); } else { api.cmi.%s = 'Lovelace, Ada'; }
      window.%s = api;
      </script>
      <iframe title=package width=900 height=900 src=index.html></iframe>
      """;

  @ParameterizedTest
  @ValueSource(strings = {"1.2", "2004"})
  void aPlatformIsToldScoreCompletionAndAnswersAndTheWorkGoesOn(String version) throws IOException {
    boolean old = version.equals("1.2");
    Page teacher = open("exercises/assign/index.html?" + QUERY);
    teacher.locator("[data-said] >> text=2 questions").waitFor();
    Path zip = folder.resolve("package.zip");
    teacher
        .waitForDownload(() -> teacher.locator("[data-scorm='" + version + "']").click())
        .saveAs(zip);
    unzip(zip);
    assertThat(Files.readString(folder.resolve("imsmanifest.xml")))
        .contains("<title>Week 3</title>")
        .contains("<schemaversion>" + (old ? "1.2" : "2004 4th Edition") + "</schemaversion>")
        .contains("href=\"index.html\"");
    Files.writeString(folder.resolve("runtime.js"), runtime(old ? "scorm12" : "scorm2004"));
    Files.writeString(
        folder.resolve("platform.html"),
        PLATFORM.formatted(
            old ? "Scorm12API" : "Scorm2004API",
            old ? "core.student_name" : "learner_name",
            old ? "API" : "API_1484_11"));
    try (SiteServer host = new SiteServer(folder, 0, SiteServer.Options.DEFAULT.withoutPolicy())) {
      Page page = open(host, "platform.html", new Browser.NewContextOptions());
      FrameLocator frame = page.frameLocator("iframe");
      Assignment assignment = Assignment.of(QUERY);
      answer(frame.locator("conv-scope").nth(0), right(assignment, "Lovelace, Ada", 0));
      frame.locator("[data-score] >> text=1 of 2 answered, 1 of 2 points").waitFor();
      String get = old ? "n => API.LMSGetValue(n)" : "n => API_1484_11.GetValue(n)";
      assertThat(page.evaluate(get, old ? "cmi.core.score.raw" : "cmi.score.raw"))
          .isEqualTo(old ? "50" : "1");
      assertThat(page.evaluate(get, old ? "cmi.core.lesson_status" : "cmi.completion_status"))
          .isEqualTo("incomplete");
      assertThat(page.evaluate(get, "cmi.interactions._count")).hasToString("1");

      // the student leaves, and comes back to what the platform kept
      page.evaluate(
          "() => { const api = window.API ?? window.API_1484_11; localStorage.setItem('kept', JSON.stringify(api.renderCMIToJSONObject ? api.renderCMIToJSONObject() : JSON.parse(api.renderCMIToJSONString()))); }");
      page.reload();
      frame.locator("[data-score] >> text=1 of 2 answered, 1 of 2 points").waitFor();
      assertThat(frame.locator("conv-scope").nth(0).locator("#a-out").inputValue())
          .isEqualTo(right(assignment, "Lovelace, Ada", 0));
      answer(frame.locator("conv-scope").nth(1), right(assignment, "Lovelace, Ada", 1));
      frame.locator("[data-score] >> text=2 of 2 answered, 2 of 2 points").waitFor();
      assertThat(page.evaluate(get, old ? "cmi.core.score.raw" : "cmi.score.scaled"))
          .isEqualTo(old ? "100" : "1.0000");
      assertThat(page.evaluate(get, old ? "cmi.core.lesson_status" : "cmi.success_status"))
          .isEqualTo("passed");
      if (!old) {
        assertThat(page.evaluate(get, "cmi.completion_status")).isEqualTo("completed");
      }
      String told =
          (String)
              page.evaluate(
                  "() => JSON.stringify((window.API ?? window.API_1484_11).renderCMIToJSONObject())");
      String response =
          old ? "\"student_response\":\"out: %s\"" : "\"learner_response\":\"out: %s\"";
      for (int n = 0; n < 2; n++) {
        assertThat(told).contains(response.formatted(right(assignment, "Lovelace, Ada", n)));
      }
      assertThat(told.split("\"result\":\"correct\"", -1)).hasSize(3);
    }
  }

  private static String runtime(String name) throws IOException {
    String file = "/scorm-again/" + name + ".min.js";
    try (InputStream in = Objects.requireNonNull(ClassroomTest.class.getResourceAsStream(file))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private void unzip(Path zip) {
    List<String> names = new ArrayList<>();
    try (ZipInputStream in = new ZipInputStream(Files.newInputStream(zip))) {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        names.add(entry.getName());
        Files.write(folder.resolve(entry.getName()), in.readAllBytes());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    assertThat(names).containsExactlyInAnyOrder("imsmanifest.xml", "index.html");
  }
}
