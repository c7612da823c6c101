package convscope.topic;

import static org.assertj.core.api.Assertions.assertThat;

import convscope.scene.SvgWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Figures as they were when someone last looked at them. After a wanted change, {@code ./mvnw -pl
 * core test -Dtest=SnapshotTest -Dsnapshots.update=true} writes them anew; look at the difference
 * before committing it.
 */
class SnapshotTest {
  private static final Path FOLDER = Path.of("src/test/resources/snapshots");
  private static final boolean UPDATE = Boolean.getBoolean("snapshots.update");

  /** The parameters besides the defaults, which are always kept. */
  private static final Map<String, List<String>> CHOSEN =
      Map.ofEntries(
          Map.entry(
              "local-receptive-field",
              List.of(
                  "kernel=2x3&dilation=2&size=6x5",
                  "dense=on&size=4&kernel=2&padding=0",
                  "mistake=on&mode=reflect")),
          Map.entry(
              "weight-sharing", List.of("padding=1&show=names", "size=5x3&kernel=2x3&mistake=on")),
          Map.entry(
              "translation-equivariance", List.of("mode=zeros&along=both", "stride=2&size=6")),
          Map.entry("cross-correlation", List.of("flip=on&mistake=on&padding=1")),
          Map.entry(
              "channels",
              List.of(
                  "channels=6&filters=4&groups=2&weights=noise&input=noise",
                  "mistake=on&padding=1")),
          Map.entry("stride", List.of("stride=4x3&cells=reads&padding=1", "mistake=on&size=9")),
          Map.entry(
              "padding",
              List.of(
                  "mode=circular&top=3&left=0",
                  "mistake=on&mode=replicate",
                  "mode=zeros&kernel=2x5")),
          Map.entry("dilation", List.of("stack=2-4-8&mistake=on", "kernel=2&stack=own")),
          Map.entry("jump", List.of("mistake=offset&stack=conv3,conv3s2,up4s2p1")),
          Map.entry(
              "stacked-layers",
              List.of("mistake=jump&stack=conv3,conv3s2,conv3d2,up2", "stack=conv5")),
          Map.entry(
              "same-convolution",
              List.of(
                  "stride=2&kernel=3&size=8&mistake=on",
                  "layers=4&kernel=2&convention=same-lower")),
          Map.entry(
              "output-height",
              List.of(
                  "convention=ceil&size=8x9",
                  "convention=same-lower&kernel=2x4&stride=3",
                  "dilation=2&mistake=dilation",
                  "unknown=padding&out=5x4",
                  "unknown=padding-stride",
                  "convention=transposed&size=4",
                  "convention=transposed&size=4&view=zeros",
                  "convention=transposed&size=4&view=matrix")),
          Map.entry(
              "bottleneck-block",
              List.of("mistake=middle", "middle=wide&depthwise=on&ratio=6&channels=32&size=28")),
          Map.entry(
              "conv-activation-norm",
              List.of("mistake=bias", "order=conv-act&activation=tanh&scale=4")),
          Map.entry(
              "residual-block",
              List.of(
                  "mistake=after&weights=he&blocks=9",
                  "input=custom&x=1,2,-3,4,0,1&first=1,0,2&second=-1,2,1&stride=2&shortcut=projection&weight=2&norm=on")),
          Map.entry(
              "single-layer",
              List.of("view=2d&kernel=2&weights=gaussian", "mistake=stride&stride=3&length=16")),
          Map.entry(
              "dilation-effect",
              List.of(
                  "dilations=twos&kernel=3&layers=3&side=centred",
                  "mistake=sum&kernel=3&layers=2")),
          Map.entry(
              "im2col",
              List.of(
                  "channels=2&padding=1&stride=2&mistake=mixed",
                  "show=col2im",
                  "show=col2im&columns=gradient&kernel=2x3")),
          Map.entry(
              "gradient-check",
              List.of(
                  "mistake=stride",
                  "mistake=near&stride=3&precision=float64",
                  "network=reader&tolerance=1e-2")),
          Map.entry(
              "effective-receptive-field",
              List.of(
                  "weights=equal&layers=4&mistake=even", "nonlinearity=relu&layers=5&kernel=2")),
          Map.entry("bias-gradient", List.of("mistake=batch", "mistake=mean&batch=4&layer=one")),
          Map.entry(
              "input-gradient",
              List.of("view=gather&mistake=on", "mode=reflect&view=gather&stride=1&size=4x6")),
          Map.entry(
              "kernel-gradient",
              List.of("mistake=on&taken=1", "pass=forward&layer=two&size=6x4&kernel=2")),
          Map.entry(
              "batch-normalization",
              List.of("mode=eval&mistake=on", "norm=group&channels=4&batch=2", "show=gradient")),
          Map.entry(
              "dropout-augmentation",
              List.of("mistake=unscaled&size=4", "mode=mixup&size=6", "mode=cutout&size=6")));

  /**
   * One figure.
   *
   * @param query its parameters, empty for the defaults
   */
  record Case(String slug, String query, boolean narrow) {
    String file() {
      String params = query.isEmpty() ? "default" : query.replace('&', '.').replace('=', '-');
      return slug + "." + params + (narrow ? ".narrow" : ".wide") + ".txt";
    }

    @Override
    public String toString() {
      return file();
    }
  }

  static List<Case> cases() {
    return Topics.all().stream()
        .flatMap(
            topic ->
                Stream.concat(Stream.of(""), CHOSEN.getOrDefault(topic.slug(), List.of()).stream())
                    .flatMap(
                        query ->
                            Stream.of(
                                new Case(topic.slug(), query, false),
                                new Case(topic.slug(), query, true))))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aFigureIsAsItWasLastSeen(Case shown) throws IOException {
    String now = written(Topics.get(shown.slug()), shown);
    Path file = FOLDER.resolve(shown.file());
    if (UPDATE) {
      Files.createDirectories(FOLDER);
      Files.writeString(file, now);
    }
    assertThat(file).as("run with -Dsnapshots.update=true to keep this new figure").exists();
    assertThat(now)
        .as("if the change is wanted, run with -Dsnapshots.update=true and look at the difference")
        .isEqualTo(Files.readString(file));
  }

  @Test
  void noSnapshotIsLeftOfAFigureThatIsGone() throws IOException {
    Set<String> known = new HashSet<>();
    for (Case shown : cases()) {
      known.add(shown.file());
    }
    try (Stream<Path> files = Files.list(FOLDER)) {
      for (Path file : files.toList()) {
        if (UPDATE && !known.contains(file.getFileName().toString())) {
          Files.delete(file);
        } else {
          assertThat(known).contains(file.getFileName().toString());
        }
      }
    }
  }

  private static <R> String written(Topic<R> topic, Case shown) {
    Probe<R> probe = Probe.of(topic).at(shown.query());
    Figure figure = (shown.narrow() ? probe.narrow() : probe).figure();
    String svg = SvgWriter.write(figure.scene(), figure.alt());
    return lines("alt", figure.alt())
        + lines("caption", figure.caption())
        + lines("equation", figure.equation())
        + lines("svg", svg);
  }

  /** One element a line, so that a difference shows what changed. */
  private static String lines(String name, String markup) {
    return "# " + name + "\n" + markup.replace("><", ">\n<") + "\n";
  }
}
