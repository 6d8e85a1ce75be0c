package dev.stagewalk.app;

import dev.stagewalk.isa.A64Encoding;
import dev.stagewalk.isa.InstructionTable;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code stagewalk instructions [--missing]}. */
@Command(
    name = "instructions",
    mixinStandardHelpOptions = true,
    description = {
      "Lists which A64 instructions are simulated, by group and by the feature that brought them.",
      "What is missing is UNDEFINED here."
    },
    footerHeading = "%nExamples:%n",
    footer = {"  stagewalk instructions", "  stagewalk instructions --missing"})
final class InstructionsCommand implements Callable<Integer> {
  private static final int WIDTH = 100;
  private static final String INDENT = "    ";

  @Spec private @Nullable CommandSpec spec;

  @Option(names = "--missing", description = "list those that are not simulated")
  private boolean missing;

  /** The encodings of one feature in one group. */
  private record Part(String group, String feature) {}

  @Override
  public Integer call() {
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    InstructionTable table = InstructionTable.a64();
    Map<Part, List<A64Encoding>> parts = new LinkedHashMap<>();
    for (A64Encoding encoding : A64Encoding.all()) {
      parts
          .computeIfAbsent(new Part(encoding.group(), encoding.feature()), _ -> new ArrayList<>())
          .add(encoding);
    }
    String group = "";
    int shown = 0;
    int all = 0;
    for (Map.Entry<Part, List<A64Encoding>> part : parts.entrySet()) {
      List<A64Encoding> wanted =
          part.getValue().stream().filter(e -> e.isIn(table) != missing).toList();
      all += part.getValue().size();
      shown += wanted.size();
      if (wanted.isEmpty()) {
        continue;
      }
      if (!part.getKey().group().equals(group)) {
        group = part.getKey().group();
        out.println(group);
      }
      out.printf(
          "  %s: %d of %d%n", part.getKey().feature(), wanted.size(), part.getValue().size());
      Set<String> mnemonics = new LinkedHashSet<>();
      wanted.forEach(e -> mnemonics.add(e.mnemonic()));
      print(out, mnemonics);
    }
    out.printf("%n%d of %d encodings are %s%n", shown, all, missing ? "missing" : "simulated");
    out.flush();
    return 0;
  }

  private static void print(PrintWriter out, Set<String> words) {
    StringBuilder line = new StringBuilder(INDENT);
    for (String word : words) {
      if (line.length() + word.length() > WIDTH) {
        out.println(line.toString().stripTrailing());
        line = new StringBuilder(INDENT);
      }
      line.append(word).append(' ');
    }
    out.println(line.toString().stripTrailing());
  }
}
