package convscope;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The arrows between the core's packages go one way. */
class ArchitectureTest {
  private static final JavaClasses CORE =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("convscope");

  /**
   * Mathematics, each package knowing those before it; train and diagnose do not know each other.
   */
  private static final List<String> MATHS =
      List.of("num", "tensor", "linalg", "op", "engine", "autodiff", "net");

  /** What each package may use. A new package takes its place here. */
  private static final Map<String, List<String>> MAY_USE = arrows();

  private static Map<String, List<String>> arrows() {
    Map<String, List<String>> arrows = new TreeMap<>();
    for (int i = 0; i < MATHS.size(); i++) {
      arrows.put(MATHS.get(i), MATHS.subList(0, i));
    }
    arrows.put("data", List.of("num")); // pictures and data sets as plain numbers
    arrows.put("run", with(MATHS, "train")); // operators and optimizers called by name
    arrows.put("train", with(MATHS, "data"));
    arrows.put("diagnose", with(MATHS, "data"));
    arrows.put("param", List.of("num"));
    arrows.put("scene", List.of("num"));
    List<String> all =
        with(MATHS, "data", "train", "diagnose", "param", "scene"); // here the two sides meet
    arrows.put("topic", all);
    arrows.put("exercise", with(all, "topic"));
    arrows.put("figure", with(all, "topic", "exercise"));
    arrows.put("lab", with(all, "figure")); // whose reply it shares
    arrows.put("workbench", with(MATHS, "scene", "figure")); // likewise
    return arrows;
  }

  private static List<String> with(List<String> names, String... more) {
    List<String> joined = new ArrayList<>(names);
    joined.addAll(List.of(more));
    return joined;
  }

  @Test
  void eachPackageUsesOnlyThoseThatItMay() {
    MAY_USE.forEach(
        (name, used) -> {
          Set<String> allowed =
              used.stream().map(ArchitectureTest::tree).collect(Collectors.toSet());
          allowed.addAll(
              Set.of(tree(name), "java..", "org.jspecify..", "com.eclipsesource.json.."));
          classes()
              .that()
              .resideInAPackage(tree(name))
              .should()
              .onlyDependOnClassesThat()
              .resideInAnyPackage(allowed.toArray(String[]::new))
              .allowEmptyShould(true) // packages still to come
              .check(CORE);
        });
  }

  @Test
  void numbersAndTensorsNeedNothingButJava() {
    classes()
        .that()
        .resideInAnyPackage(tree("num"), tree("tensor"))
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("java..", "org.jspecify..", tree("num"), tree("tensor"))
        .check(CORE);
  }

  @Test
  void noPackageGoesRoundInACircle() {
    slices().matching("convscope.(*)..").should().beFreeOfCycles().check(CORE);
  }

  @Test
  void everyPackageHasItsPlace() {
    Set<String> packages =
        CORE.stream()
            .map(JavaClass::getPackageName)
            .map(name -> name.replaceAll("^convscope\\.?([a-z0-9]*).*$", "$1"))
            .collect(Collectors.toSet());
    assertThat(packages)
        .contains("num", "tensor", "op", "param", "scene")
        .isSubsetOf(MAY_USE.keySet());
  }

  private static String tree(String name) {
    return "convscope." + name + "..";
  }
}
