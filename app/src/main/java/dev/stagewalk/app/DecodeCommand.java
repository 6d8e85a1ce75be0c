package dev.stagewalk.app;

import dev.stagewalk.arch.Context;
import dev.stagewalk.arch.Decode;
import dev.stagewalk.arch.Hex;
import dev.stagewalk.arch.Register;
import dev.stagewalk.arch.RegisterTable;
import dev.stagewalk.arch.Setting;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code stagewalk decode REGISTER VALUE}. */
@Command(
    name = "decode",
    mixinStandardHelpOptions = true,
    description = "Takes the value of a system register apart and says what follows from it.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  stagewalk decode ESR_EL2 0x93c28047",
      "  stagewalk decode HPFAR_EL2 0x402030",
      "  stagewalk decode VTCR_EL2 0x80053590 --pa-bits 40",
      "  stagewalk decode VTTBR_EL2 0x1000048000000 --vtcr 0x80053590",
      "  stagewalk decode --json HCR_EL2 0x480000039"
    })
final class DecodeCommand implements Callable<Integer> {
  private static final long HCR_E2H = 1L << 34;
  private static final long HCR_VM = 1;

  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      index = "0",
      paramLabel = "REGISTER",
      description = "its name, such as ESR_EL2, or S3_4_C2_C1_2; upper or lower case")
  private String name = "";

  @Parameters(
      index = "1",
      paramLabel = "VALUE",
      description = "64 bits: 0x-hexadecimal or decimal; underscores may stand anywhere")
  private String text = "";

  @Option(
      names = "--vtcr",
      paramLabel = "VALUE",
      description = "VTCR_EL2, for VTTBR_EL2 and HCR_EL2 to be read with")
  private @Nullable String vtcr;

  @Option(
      names = "--hcr",
      paramLabel = "VALUE",
      description = "HCR_EL2: E2H and FWB change what other registers mean")
  private @Nullable String hcr;

  @Option(
      names = "--pa-bits",
      paramLabel = "N",
      defaultValue = "52",
      description =
          "physical address size of the PE: 32, 36, 40, 42, 44, 48 or 52 (default:"
              + " ${DEFAULT-VALUE})")
  private int paBits;

  @Option(names = "--json", description = "print one JSON object")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    Register register = register();
    long value = number(text);
    long hcrValue = hcr != null ? number(hcr) : register.name().equals("HCR_EL2") ? value : HCR_VM;
    Context context = Context.PLAIN.with(Setting.E2H, (hcrValue & HCR_E2H) != 0 ? 1 : 0);
    Optional<Long> vtcrValue = vtcr == null ? Optional.empty() : Optional.of(number(vtcr));
    RegisterFacts facts;
    try {
      facts = RegisterFacts.of(register.name(), value, vtcrValue, hcrValue, paBits);
    } catch (IllegalArgumentException e) {
      throw wrong(e);
    }
    if (json) {
      RegisterJson.write(out, register, value, context, facts);
    } else {
      Decode.render(register.name(), value, context).forEach(out::println);
      if (!facts.facts().isEmpty()) {
        out.println();
        out.println("What follows:");
        facts.facts().forEach(f -> out.printf("  %-32s %s%n", f.label(), f.value()));
      }
      if (!facts.problems().isEmpty()) {
        out.println();
        out.println("What is wrong:");
        facts.problems().forEach(p -> out.println("  " + RegisterFacts.line(p)));
      }
    }
    out.flush();
    return 0;
  }

  private Register register() {
    try {
      return RegisterTable.standard().require(name);
    } catch (IllegalArgumentException e) {
      throw wrong(e);
    }
  }

  private long number(String digits) {
    try {
      return Hex.parse(digits);
    } catch (NumberFormatException e) {
      throw wrong(e);
    }
  }

  private ParameterException wrong(IllegalArgumentException e) {
    String message = Objects.requireNonNullElse(e.getMessage(), "wrong usage");
    return new ParameterException(Objects.requireNonNull(spec).commandLine(), message, e);
  }
}
