package dev.stagewalk.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stagewalk.isa.InstructionTable;
import dev.stagewalk.isa.Row;
import java.io.IOException;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.CodeAttribute;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BindingsTest {
  /** HotSpot never compiles a method with more bytecodes, so that it would run for ever slowly. */
  private static final int HUGE_METHOD = 8000;

  private final InstructionTable table = InstructionTable.a64();

  @Test
  void everyRowIsBoundToAMethod() {
    for (Row row : table.rows()) {
      assertThat(Bindings.standard().of(row)).as(row.name()).isNotNull();
    }
  }

  @Test
  void aRowWhoseSemanticsHaveNoMethodFailsAtLoadWithItsName() {
    Map<String, Semantics> methods = new HashMap<>(Bindings.all());
    methods.remove("madd");
    assertThatThrownBy(() -> new Bindings(table, methods))
        .hasMessageContaining("without a method: [madd]");
  }

  @Test
  void aMethodThatNoRowNamesFailsAtLoadWithItsName() {
    Map<String, Semantics> methods = new HashMap<>(Bindings.all());
    methods.put("frobnicate", (pe, op) -> {});
    assertThatThrownBy(() -> new Bindings(table, methods))
        .hasMessageContaining("no row names: [frobnicate]");
  }

  @Test
  void noMethodOnTheHotPathIsTooLongForTheCompiler() throws IOException, URISyntaxException {
    List<String> tooLong = new ArrayList<>();
    int measured = 0;
    for (String folder : List.of("cpu", "mem", "mmu", "isa")) {
      for (Path file : classes(folder)) {
        ClassModel model = ClassFile.of().parse(file);
        for (MethodModel method : model.methods()) {
          int length =
              method.findAttribute(Attributes.code()).map(CodeAttribute::codeLength).orElse(0);
          measured++;
          if (length >= HUGE_METHOD) {
            tooLong.add(file.getFileName() + " " + method.methodName() + ": " + length);
          }
        }
      }
    }
    assertThat(tooLong).isEmpty();
    assertThat(measured).isGreaterThan(500);
  }

  private static List<Path> classes(String folder) throws IOException, URISyntaxException {
    URI here = Bindings.class.getProtectionDomain().getCodeSource().getLocation().toURI();
    try (Stream<Path> files = Files.list(Path.of(here).resolve("dev/stagewalk").resolve(folder))) {
      return files.filter(file -> file.toString().endsWith(".class")).toList();
    }
  }
}
