package convscope.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.eclipsesource.json.Json;
import com.eclipsesource.json.JsonObject;
import convscope.data.DataSet;
import convscope.data.DataSets;
import convscope.engine.Engine;
import convscope.engine.ScalarKernels;
import convscope.net.Model;
import convscope.net.Safetensors;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is said of the networks that ship is so: {@code ./mvnw -Ptrain} wrote it. */
class ShippedNetworksTest {
  private static final Path DATA = Path.of("../static/data");

  /** Weights at most, and right answers at least, in percent of the held-out images. */
  private static final Map<String, int[]> BOUNDS =
      Map.of(
          "digit-reader", new int[] {6000, 9750},
          "digit-reader-norm", new int[] {20_000, 9850},
          "fashion-reader", new int[] {30_000, 8700});

  private static byte[] unpacked(String name) throws IOException {
    try (InputStream in =
        new GZIPInputStream(Files.newInputStream(DATA.resolve(name + ".idx.gz")))) {
      return in.readAllBytes();
    }
  }

  private static DataSet images(Recipe recipe) throws IOException {
    return recipe.data().equals("fashion")
        ? DataSets.fashion(unpacked("fashion-images"), unpacked("fashion-labels"))
        : DataSets.mnist(unpacked("mnist-images"), unpacked("mnist-labels"));
  }

  private static JsonObject results() throws IOException {
    return Json.parse(Files.readString(DATA.resolve("networks.json"))).asObject();
  }

  static List<Recipe> all() {
    return Recipe.ALL;
  }

  static Stream<Recipe> shipped() {
    return Recipe.ALL.stream().filter(Recipe::ships);
  }

  @ParameterizedTest
  @MethodSource("shipped")
  void theStatedAccuracyIsThatOfTheFileOnTheHeldOutImages(Recipe recipe) throws IOException {
    JsonObject stated = results().get(recipe.name()).asObject();
    DataSet images = images(recipe);
    byte[] file = Files.readAllBytes(DATA.resolve(recipe.name() + ".safetensors"));
    Model model = recipe.model(images);
    Safetensors.read(file, model);
    Learner learner = new Learner(new Engine(new ScalarKernels()), model, Recipe.BATCH);
    Run run = new Run(learner, images, Run.Settings.of(Recipe.BATCH, new Sgd(0.1), 0.1, 1));
    Metrics metrics = run.heldOut();
    assertThat(metrics.count()).isEqualTo(2000).isEqualTo(stated.getInt("of", 0));
    double right = metrics.accuracy() * metrics.count();
    assertThat(right).isCloseTo(stated.getInt("right", 0), within(1e-6));
    assertThat(metrics.interval()[0]).isCloseTo(stated.getDouble("low", 0), within(5.1e-5));
    assertThat(metrics.interval()[1]).isCloseTo(stated.getDouble("high", 0), within(5.1e-5));
    assertThat(model.parameters().size()).isEqualTo(stated.getInt("weights", 0));
    assertThat(file.length).isEqualTo(stated.getInt("bytes", 0));
    int[] bounds = BOUNDS.getOrDefault(recipe.name(), new int[] {6000, 0});
    assertThat(model.parameters().size()).isLessThanOrEqualTo(bounds[0]);
    assertThat(metrics.accuracy()).isGreaterThanOrEqualTo(bounds[1] / 1e4);
  }

  @ParameterizedTest
  @MethodSource("all")
  void trainedAnewTheFirstStepsGiveTheSameBits(Recipe recipe) throws IOException {
    JsonObject stated = results().get(recipe.name()).asObject();
    assertThat(recipe.firstSteps(images(recipe))).isEqualTo(stated.getString("first", ""));
    assertThat(stated.getString("network", "")).isEqualTo(recipe.network());
  }

  @Test
  void theDocumentHasEveryNetworkWithItsNumbers() throws IOException {
    String document = Files.readString(Path.of("../docs/networks.md"), StandardCharsets.UTF_8);
    JsonObject results = results();
    Set<String> named = new HashSet<>(results.names());
    for (Recipe recipe : Recipe.ALL) {
      JsonObject stated = results.get(recipe.name()).asObject();
      double percent = 100.0 * stated.getInt("right", 0) / stated.getInt("of", 1);
      assertThat(document)
          .contains("## " + recipe.name())
          .contains(String.format(java.util.Locale.ROOT, "| %.2f %% |", percent));
      named.remove(recipe.name());
    }
    assertThat(named).isEmpty();
  }
}
