package dev.stagewalk.app;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stagewalk.hyp.Defect;
import dev.stagewalk.hyp.Defects;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code stagewalk defects [LIST]}. */
@Command(
    name = "defects",
    mixinStandardHelpOptions = true,
    description = {
      "Lists what is wrong with the posted hypervisor library and how each defect is shown: by a",
      "switch of `stagewalk run --defects`, by a sample, or not, and why."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  stagewalk defects",
      "  stagewalk defects as-reviewed",
      "  stagewalk defects D1,remap-no-bbm --json"
    })
final class DefectsCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "LIST",
      description = "as-posted, as-reviewed, or a list such as D1,remap-no-bbm (default: all)")
  private @Nullable String list;

  @Option(names = "--json", description = "print JSON")
  private boolean json;

  @Override
  public Integer call() {
    CommandSpec command = Objects.requireNonNull(spec);
    List<Defect> chosen;
    try {
      String words = list;
      chosen = words == null ? Arrays.asList(Defect.values()) : Defects.parse(words).list();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(
          command.commandLine(), Objects.requireNonNullElse(e.getMessage(), ""), e);
    }
    PrintWriter out = command.commandLine().getOut();
    if (json) {
      out.println(json(chosen).toPrettyString());
    } else {
      chosen.forEach(defect -> print(defect, out));
    }
    out.flush();
    return 0;
  }

  private static void print(Defect defect, PrintWriter out) {
    out.printf("%-3s  %-28s  %s%n", defect.id(), defect.shortName(), shown(defect));
    out.println("     " + defect.sentence());
    out.println("     " + capital(defect.how()) + ".");
  }

  private static String shown(Defect defect) {
    return defect.shown().words()
        + (defect.sample().isEmpty() ? "" : " " + defect.sample())
        + (presets(defect).contains("as-reviewed") ? "" : ", mended as reviewed");
  }

  private static String capital(String words) {
    return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
  }

  private static List<String> presets(Defect defect) {
    return Defects.AS_REVIEWED.has(defect)
        ? List.of("as-posted", "as-reviewed")
        : List.of("as-posted");
  }

  private static ArrayNode json(List<Defect> chosen) {
    ArrayNode array = new ObjectMapper().createArrayNode();
    for (Defect defect : chosen) {
      ObjectNode one = array.addObject();
      one.put("id", defect.id());
      one.put("name", defect.shortName());
      one.put("shown", defect.shown().words());
      if (!defect.sample().isEmpty()) {
        one.put("sample", defect.sample());
      }
      one.put("sentence", defect.sentence());
      one.put("how", defect.how());
      ArrayNode presets = one.putArray("presets");
      presets(defect).forEach(presets::add);
    }
    return array;
  }
}
