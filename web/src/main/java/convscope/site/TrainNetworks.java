package convscope.site;

import com.eclipsesource.json.Json;
import com.eclipsesource.json.JsonObject;
import com.eclipsesource.json.WriterConfig;
import convscope.data.DataSet;
import convscope.data.DataSets;
import convscope.data.HeldOutDigits;
import convscope.net.Model;
import convscope.net.Safetensors;
import convscope.tensor.Tensor;
import convscope.topic.DigitReader;
import convscope.train.Metrics;
import convscope.train.Recipe;
import convscope.train.Run;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.GZIPInputStream;

/**
 * Trains the networks of the course ({@link Recipe#ALL}) and writes what ships: their weights in
 * float16, a few held-out digits for the figures, and how good they are, as data and as a document.
 * A network is trained by one thread, so that it comes out the same to the bit on every machine;
 * several are trained at a time.
 */
final class TrainNetworks {
  private static final int EVERY = 5; // epochs, for the log

  private final Path data;
  private final DataSet digits;
  private final DataSet clothes;

  /** What training one network gave. */
  private record Trained(Recipe recipe, JsonObject result, String log) {
    @Override
    public String toString() {
      return recipe.name();
    }
  }

  private TrainNetworks(Path data) throws IOException {
    this.data = data;
    digits = DataSets.mnist(unpacked("mnist-images"), unpacked("mnist-labels"));
    clothes = DataSets.fashion(unpacked("fashion-images"), unpacked("fashion-labels"));
  }

  /**
   * Trains all.
   *
   * @param args the folder {@code static}, the document to write, and how many networks to train at
   *     a time
   */
  public static void main(String[] args)
      throws IOException, InterruptedException, ExecutionException {
    long start = System.nanoTime();
    TrainNetworks trainer = new TrainNetworks(Path.of(args[0]).resolve("data"));
    ExecutorService threads = Executors.newFixedThreadPool(Integer.parseInt(args[2]));
    List<Future<Trained>> futures = new ArrayList<>();
    for (Recipe recipe : Recipe.ALL) {
      futures.add(threads.submit(() -> trainer.train(recipe)));
    }
    JsonObject results = Json.object();
    StringBuilder logs = new StringBuilder();
    for (Future<Trained> future : futures) {
      Trained trained = future.get();
      results.add(trained.recipe().name(), trained.result());
      logs.append(trained.log());
    }
    threads.shutdown();
    Files.writeString(
        trainer.data.resolve("networks.json"), results.toString(WriterConfig.PRETTY_PRINT) + "\n");
    Files.writeString(Path.of(args[1]), document(results, logs.toString()));
    trainer.writeDigits();
    System.out.printf(Locale.ROOT, "All trained in %.0f s%n", (System.nanoTime() - start) / 1e9);
  }

  private Trained train(Recipe recipe) throws IOException {
    long start = System.nanoTime();
    DataSet images = recipe.data().equals("fashion") ? clothes : digits;
    Run run = recipe.run(images);
    Model model = run.learner().model();
    StringBuilder log = new StringBuilder();
    for (int epoch = 1; epoch <= recipe.epochs(); epoch++) {
      Run.Progress progress =
          run.advance(Double.POSITIVE_INFINITY, () -> 0, epoch * run.stepsPerEpoch());
      if (epoch % EVERY == 0 || epoch == 1) {
        log.append(
            String.format(
                Locale.ROOT,
                "| %d | %.4f | %.2f %% | %.2f %% |%n",
                epoch,
                progress.loss(),
                100 * progress.accuracy(),
                100 * run.heldOut().accuracy()));
      }
    }
    byte[] file = Safetensors.write(model, true);
    Safetensors.read(file, model);
    run.learner().upload();
    Metrics metrics = run.heldOut();
    if (recipe.ships()) {
      Files.write(data.resolve(recipe.name() + ".safetensors"), file);
    }
    int right = (int) Math.round(metrics.accuracy() * metrics.count());
    JsonObject result =
        Json.object()
            .add("about", recipe.about())
            .add("network", recipe.network())
            .add("data", recipe.data())
            .add("weights", model.parameters().size())
            .add("right", right)
            .add("of", metrics.count())
            .add("low", rounded(metrics.interval()[0]))
            .add("high", rounded(metrics.interval()[1]))
            .add("bytes", recipe.ships() ? file.length : 0)
            .add("first", recipe.firstSteps(images));
    System.out.printf(
        Locale.ROOT,
        "%s: %d of %d right after rounding to float16, %.0f s%n%s",
        recipe.name(),
        right,
        metrics.count(),
        (System.nanoTime() - start) / 1e9,
        log);
    return new Trained(recipe, result, section(recipe, log.toString()));
  }

  private static double rounded(double share) {
    return Math.round(share * 1e4) / 1e4;
  }

  private static String section(Recipe recipe, String log) {
    return String.format(
        Locale.ROOT,
        "%n## %s%n%n```python%n%s%n```%n%n%d epochs, seed %d, AdamW at %s; images moved by up to %s"
            + " pixels, turned by up to %s°, scaled by up to %s%s.%n%n| epoch | loss | right in"
            + " training | right of the held-out |%n| --- | --- | --- | --- |%n%s",
        recipe.name(),
        recipe.network().replace(", nn.", ",\n    nn.").replace(", Loc", ",\n    Loc"),
        recipe.epochs(),
        recipe.seed(),
        plain(recipe.rate()),
        plain(recipe.augmentation().shift()),
        plain(recipe.augmentation().rotate()),
        plain(recipe.augmentation().scale()),
        recipe.augmentation().flip() ? ", half of them mirrored" : "",
        log);
  }

  private static String plain(double number) {
    return number == Math.rint(number) ? String.valueOf((int) number) : String.valueOf(number);
  }

  private static String document(JsonObject results, String logs) {
    StringBuilder out = new StringBuilder();
    out.append("# Networks of the course\n\n");
    out.append("Written by `./mvnw -Ptrain`; what it means stands in [training.md](training.md).");
    out.append(" Each was trained on the first 8,000 images of its set and measured on the 2,000");
    out.append(" held out, its weights rounded to float16; intervals are Wilson's at 95 %.\n\n");
    out.append("| file | what it is | weights | right of 2,000 | accuracy | 95 % interval |\n");
    out.append("| --- | --- | --- | --- | --- | --- |\n");
    results.forEach(
        member -> {
          JsonObject result = member.getValue().asObject();
          int right = result.getInt("right", 0);
          out.append(
              String.format(
                  Locale.ROOT,
                  "| %s | %s | %,d | %,d | %.2f %% | %.2f to %.2f %% |%n",
                  result.getInt("bytes", 0) > 0
                      ? "`" + member.getName() + ".safetensors`"
                      : member.getName() + ", not stored",
                  result.getString("about", ""),
                  result.getInt("weights", 0),
                  right,
                  100.0 * right / result.getInt("of", 1),
                  100 * result.getDouble("low", 0),
                  100 * result.getDouble("high", 0)));
        });
    return out.append(logs).toString();
  }

  /**
   * The few digits of the figures, three held-out ones of each class: the first two that the reader
   * reads with a probability above 0.9, then the first that it gets wrong, or the one that it is
   * least sure of.
   */
  private void writeDigits() throws IOException {
    DigitReader reader =
        DigitReader.of(Files.readAllBytes(data.resolve(DigitReader.FILE + ".safetensors")));
    List<Integer> chosen = new ArrayList<>();
    for (int label = 0; label < DigitReader.CLASSES; label++) {
      int well = 0;
      int unsure = -1;
      double least = 2; // a wrong one counts as 0
      for (int image = digits.training(); image < digits.count(); image++) {
        if (digits.label(image) != label) {
          continue;
        }
        DigitReader.Pass pass = reader.pass(Tensor.of(digits.image(image), 28, 28), label);
        double own = pass.answer() == label ? pass.probabilities().data()[label] : 0;
        if (own > 0.9 && well < 2) {
          chosen.add(image);
          well++;
        } else if (own < least) {
          unsure = image;
          least = own;
        }
      }
      chosen.add(unsure);
    }
    byte[] images = unpacked("mnist-images");
    byte[] labels = unpacked("mnist-labels");
    int size = HeldOutDigits.SIDE * HeldOutDigits.SIDE;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    header(out, images, 16, chosen.size());
    chosen.forEach(image -> out.write(images, 16 + image * size, size));
    header(out, labels, 8, chosen.size());
    chosen.forEach(image -> out.write(labels[8 + image]));
    Files.write(data.resolve(HeldOutDigits.FILE + ".idx"), out.toByteArray());
  }

  /** The header of an IDX file with another count. */
  private static void header(ByteArrayOutputStream out, byte[] file, int length, int count) {
    byte[] header = new byte[length];
    System.arraycopy(file, 0, header, 0, length);
    for (int i = 0; i < 4; i++) {
      header[4 + i] = (byte) (count >> 8 * (3 - i));
    }
    out.write(header, 0, length);
  }

  private byte[] unpacked(String name) throws IOException {
    try (InputStream in =
        new GZIPInputStream(Files.newInputStream(data.resolve(name + ".idx.gz")))) {
      return in.readAllBytes();
    }
  }
}
