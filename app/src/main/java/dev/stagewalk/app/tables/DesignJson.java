package dev.stagewalk.app.tables;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.stagewalk.arch.Hex;
import dev.stagewalk.mmu.Design;
import dev.stagewalk.mmu.DesignReview;
import dev.stagewalk.mmu.Geometry;
import dev.stagewalk.mmu.TableCost;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;

/**
 * Designs of tables as one JSON object. A design has {@code granule}, {@code ipaBits}, {@code
 * paBits}, {@code mapped}, {@code choices} (startLevel, ds, levels, vtcr, outputSizes, rootTables,
 * rootBytes, rootAlignment, lowestBaseBit, pageTables, bytesWithPages, blockTables,
 * bytesWithBlocks, needs) and {@code rejected} (startLevel, ds, reasons); for all granules there is
 * a list {@code designs} of these. A review has {@code stage2} (see {@link ControlsJson}), {@code
 * suggestions} (vtcr, changes, ipaBits, startLevel, rootBytes, rootAlignment, roots) and {@code
 * roots}. 64-bit values are strings.
 */
final class DesignJson {
  private DesignJson() {}

  private interface Body {
    void write(JsonGenerator json) throws IOException;
  }

  private static void object(PrintWriter out, Body body) throws IOException {
    // The generator must not close the program's output.
    try (JsonGenerator json =
        new JsonFactory().createGenerator(out).disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)) {
      json.writeStartObject();
      body.write(json);
      json.writeEndObject();
    }
    out.println();
    out.flush();
  }

  /**
   * Designs for one IPA size.
   *
   * @param all as the list {@code designs}, one a granule; else there is one, and it is the object
   */
  static void write(PrintWriter out, List<Design> designs, boolean all, long mapped)
      throws IOException {
    object(
        out,
        json -> {
          if (!all) {
            design(json, designs.getFirst(), mapped);
            return;
          }
          json.writeArrayFieldStart("designs");
          for (Design design : designs) {
            json.writeStartObject();
            design(json, design, mapped);
            json.writeEndObject();
          }
          json.writeEndArray();
        });
  }

  private static void design(JsonGenerator json, Design design, long mapped) throws IOException {
    json.writeStringField("granule", design.granule().text());
    json.writeNumberField("ipaBits", design.ipaBits());
    json.writeNumberField("paBits", design.features().paBits());
    json.writeStringField("mapped", Hex.plain(mapped));
    json.writeArrayFieldStart("choices");
    for (Design.Choice choice : design.choices()) {
      choice(json, choice, mapped);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("rejected");
    for (Design.Rejected rejected : design.rejected()) {
      json.writeStartObject();
      json.writeNumberField("startLevel", rejected.startLevel());
      json.writeBooleanField("ds", rejected.ds());
      strings(json, "reasons", rejected.reasons());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void choice(JsonGenerator json, Design.Choice choice, long mapped)
      throws IOException {
    Geometry geometry = choice.geometry();
    TableCost cost = TableCost.of(choice, 0, mapped);
    json.writeStartObject();
    json.writeNumberField("startLevel", geometry.startLevel());
    json.writeBooleanField("ds", choice.ds());
    json.writeNumberField("levels", choice.levels());
    json.writeStringField("vtcr", Hex.plain(geometry.vtcr()));
    json.writeArrayFieldStart("outputSizes");
    for (int bits : choice.outputSizes()) {
      json.writeNumber(bits);
    }
    json.writeEndArray();
    json.writeNumberField("rootTables", geometry.rootTables());
    root(json, geometry);
    json.writeNumberField("lowestBaseBit", choice.lowestBaseBit());
    json.writeNumberField("pageTables", cost.pageTables());
    json.writeStringField("bytesWithPages", Hex.plain(cost.bytesWithPages()));
    json.writeNumberField("blockTables", cost.blockTables());
    json.writeStringField("bytesWithBlocks", Hex.plain(cost.bytesWithBlocks()));
    strings(json, "needs", choice.needs());
    json.writeEndObject();
  }

  private static void root(JsonGenerator json, Geometry geometry) throws IOException {
    json.writeStringField("rootBytes", Hex.plain(geometry.rootBytes()));
    json.writeStringField("rootAlignment", Hex.plain(geometry.rootAlignment()));
  }

  /**
   * A look at controls.
   *
   * @param root whether VTTBR_EL2 was given
   */
  static void write(PrintWriter out, DesignReview review, boolean root) throws IOException {
    object(
        out,
        json -> {
          ControlsJson.stage2(json, review.parameters());
          json.writeArrayFieldStart("suggestions");
          for (DesignReview.Suggestion suggestion : review.suggestions()) {
            json.writeStartObject();
            json.writeStringField("vtcr", Hex.plain(suggestion.vtcr()));
            strings(json, "changes", suggestion.changes());
            json.writeNumberField("ipaBits", suggestion.choice().geometry().ipaBits());
            json.writeNumberField("startLevel", suggestion.choice().geometry().startLevel());
            root(json, suggestion.choice().geometry());
            strings(json, "roots", root ? suggestion.roots() : List.of());
            json.writeEndObject();
          }
          json.writeEndArray();
          strings(json, "roots", root ? review.roots() : List.of());
        });
  }

  private static void strings(JsonGenerator json, String name, List<String> values)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (String value : values) {
      json.writeString(value);
    }
    json.writeEndArray();
  }
}
