package convscope.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EsbuildTest {
  @TempDir Path work;

  @ParameterizedTest
  @CsvSource({
    "Linux, amd64, ELF x64",
    "Linux, aarch64, ELF arm64",
    "Mac OS X, x86_64, Mach-O x64",
    "Mac OS X, aarch64, Mach-O arm64",
    "Windows 11, amd64, PE x64",
    "Windows 11, aarch64, PE x64"
  })
  void everyPlatformGetsAProgramThatItRuns(String osName, String osArch, String kind)
      throws IOException {
    Path program = Esbuild.unpack(work, osName, osArch);

    assertThat(kind(ByteBuffer.wrap(Files.readAllBytes(program)).order(ByteOrder.LITTLE_ENDIAN)))
        .isEqualTo(kind);
    assertThat(Files.isExecutable(program)).isTrue();
  }

  @Test
  void anotherPlatformIsToldWhatToDo() {
    assertThatThrownBy(() -> Esbuild.unpack(work, "FreeBSD", "amd64"))
        .hasMessage(
            "Maven Central has no esbuild for freebsd-x64; install it and set CONVSCOPE_ESBUILD to"
                + " its program");
  }

  /** What the program's first bytes say, by the specifications of the three formats. */
  private static String kind(ByteBuffer program) {
    return switch (program.getInt(0)) {
      case 0x464c457f -> "ELF " + machine(program.getShort(18), 0x3e, 0xb7);
      case 0xfeedfacf -> "Mach-O " + machine(program.getInt(4), 0x01000007, 0x0100000c);
      default -> {
        int header = program.getInt(0x3c);
        assertThat(program.getInt(header)).isEqualTo(0x00004550);
        yield "PE " + machine(program.getShort(header + 4) & 0xffff, 0x8664, 0xaa64);
      }
    };
  }

  private static String machine(int number, int x64, int arm64) {
    return number == x64 ? "x64" : number == arm64 ? "arm64" : Integer.toHexString(number);
  }
}
