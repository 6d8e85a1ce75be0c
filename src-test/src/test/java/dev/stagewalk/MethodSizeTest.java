package dev.stagewalk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stagewalk.cpu.Interpreter;
import java.io.IOException;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.CodeAttribute;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** No method of the engine is so long that the virtual machine never compiles it. */
class MethodSizeTest {
  /** HotSpot's HugeMethodLimit, in bytes of bytecode. */
  private static final int LIMIT = 8000;

  @Test
  void everyMethodOfTheEngineIsShortEnoughToBeCompiled() throws IOException, URISyntaxException {
    Path place =
        Path.of(Interpreter.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    if (Files.isDirectory(place)) {
      check(place);
    } else {
      try (FileSystem jar = FileSystems.newFileSystem(place)) {
        check(jar.getPath("/"));
      }
    }
  }

  private static void check(Path classes) throws IOException {
    List<String> huge = new ArrayList<>();
    int seen = 0;
    try (Stream<Path> files = Files.walk(classes)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".class")).toList()) {
        ClassModel model = ClassFile.of().parse(Files.readAllBytes(file));
        for (MethodModel method : model.methods()) {
          seen++;
          int length =
              method.findAttribute(Attributes.code()).map(CodeAttribute::codeLength).orElse(0);
          if (length >= LIMIT) {
            huge.add(
                model.thisClass().asInternalName() + "." + method.methodName() + ": " + length);
          }
        }
      }
    }
    assertThat(huge).isEmpty();
    assertThat(seen).isGreaterThan(1000);
  }
}
