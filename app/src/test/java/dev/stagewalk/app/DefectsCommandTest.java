package dev.stagewalk.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

final class DefectsCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int defects(String... arguments) {
    return new CommandLine(new DefectsCommand())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(arguments);
  }

  @Test
  void eachOfTheFiftyTwoSaysHowItIsShown() {
    assertThat(defects()).isZero();
    assertThat(out.toString().lines().filter(line -> line.startsWith("D"))).hasSize(52);
    assertThat(out.toString())
        .contains("D1   tlbi-other-vmid               Java switch, mended as reviewed\n")
        .contains("D34  host-exception-as-guest-exit  A64 host sample host-exception\n")
        .contains("D52  wrong-comment                 not simulated\n");
  }

  @Test
  void aPresetOrAListIsPrintedAsJsonToo() throws JsonProcessingException {
    assertThat(defects("D45,D1", "--json")).isZero();
    JsonNode json = new ObjectMapper().readTree(out.toString());
    assertThat(json).hasSize(2);
    assertThat(json.path(0).path("id").asText()).isEqualTo("D1");
    assertThat(json.path(0).path("presets").toString()).isEqualTo("[\"as-posted\"]");
    assertThat(json.path(1).path("sample").asText()).isEqualTo("as-posted");
  }

  @Test
  void aWordThatIsNoDefectIsNamed() {
    assertThat(defects("D77")).isEqualTo(2);
    assertThat(err.toString()).contains("'d77' is not a defect");
  }
}
