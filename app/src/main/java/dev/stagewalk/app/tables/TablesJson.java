package dev.stagewalk.app.tables;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.stagewalk.arch.Hex;
import dev.stagewalk.mmu.RangeFolder;
import dev.stagewalk.mmu.Stage2Attributes;
import dev.stagewalk.mmu.Stage2Parameters;
import dev.stagewalk.mmu.TableScan;
import dev.stagewalk.mmu.TableSweep;
import dev.stagewalk.mmu.TableSweep.Oddity;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;

/**
 * Ranges of IPAs as one JSON object: {@code notes}, the controls ({@link ControlsJson}), {@code
 * ranges} (ipa, size, pa, level, leaves, descriptor of the first leaf, readable, writable,
 * executableAtEl1, executableAtEl0, memoryType, shareability, accessFlag, dbm, contiguous,
 * beyondOutputSize), {@code tables}, {@code leaves}, {@code bytes}, {@code invalid}, {@code
 * complete}, {@code odd} (kind, ipa, level, at, descriptor, sentence) and {@code oddCounts}. 64-bit
 * values are strings.
 */
final class TablesJson implements TableSweep.Visitor {
  private final JsonGenerator json;
  private final Stage2Parameters parameters;
  private final Oddities oddities;
  private final RangeFolder folder;
  private long bytes;
  private long invalid;

  private TablesJson(JsonGenerator json, Stage2Parameters parameters, Oddities oddities) {
    this.json = json;
    this.parameters = parameters;
    this.oddities = oddities;
    this.folder = new RangeFolder(parameters, this::range);
  }

  /** Writes all ranges; the exit code is 1 if not all tables could be looked at. */
  static int write(PrintWriter out, World world, Stage2Parameters parameters, long most)
      throws IOException {
    Oddities oddities = new Oddities(world.missing());
    TableSweep.Done done;
    // The generator must not close the program's output.
    try (JsonGenerator json =
        new JsonFactory().createGenerator(out).disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)) {
      json.writeStartObject();
      ControlsJson.notes(json, world);
      ControlsJson.stage2(json, parameters);
      json.writeArrayFieldStart("ranges");
      TablesJson ranges = new TablesJson(json, parameters, oddities);
      done = TableSweep.over(parameters, world.reader(), ranges, most);
      ranges.folder.finish();
      json.writeEndArray();
      json.writeNumberField("tables", done.tables());
      json.writeNumberField("leaves", ranges.folder.leaves());
      json.writeStringField("bytes", Hex.plain(ranges.bytes));
      json.writeNumberField("invalid", ranges.invalid);
      json.writeBooleanField("complete", done.complete());
      odd(json, oddities);
      json.writeEndObject();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    out.println();
    out.flush();
    return oddities.exitCode(done, parameters);
  }

  private static void odd(JsonGenerator json, Oddities oddities) throws IOException {
    json.writeArrayFieldStart("odd");
    for (Oddity oddity : oddities.shown()) {
      json.writeStartObject();
      json.writeStringField("kind", oddity.kind().name());
      json.writeStringField("ipa", Hex.plain(oddity.ipa()));
      json.writeNumberField("level", oddity.level());
      json.writeStringField("at", Hex.plain(oddity.at()));
      json.writeStringField("descriptor", Hex.plain(oddity.descriptor()));
      json.writeStringField("sentence", oddities.sentence(oddity));
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeObjectFieldStart("oddCounts");
    for (var count : oddities.counts().entrySet()) {
      json.writeNumberField(count.getKey().name(), count.getValue());
    }
    json.writeEndObject();
  }

  @Override
  public void leaf(long ipa, int level, long pa, long descriptor) {
    folder.leaf(ipa, level, pa, descriptor);
  }

  @Override
  public void invalid(long ipa, int level, long descriptor) {
    invalid++;
  }

  @Override
  public void oddity(Oddity oddity) {
    oddities.add(oddity);
  }

  private void range(TableScan.Range range) {
    bytes += range.bytes();
    Stage2Attributes attributes = Stage2Attributes.of(range.leaf(), parameters);
    try {
      json.writeStartObject();
      json.writeStringField("ipa", Hex.plain(range.ipa()));
      json.writeStringField("size", Hex.plain(range.bytes()));
      json.writeStringField("pa", Hex.plain(range.pa()));
      json.writeNumberField("level", range.level());
      json.writeNumberField("leaves", range.leaves());
      json.writeStringField("descriptor", Hex.plain(range.leaf()));
      json.writeBooleanField("readable", attributes.readable());
      json.writeBooleanField("writable", attributes.writable());
      json.writeBooleanField("executableAtEl1", attributes.executableAtEl1());
      json.writeBooleanField("executableAtEl0", attributes.executableAtEl0());
      json.writeStringField("memoryType", attributes.memoryType().words());
      json.writeStringField("shareability", attributes.shareability().words());
      json.writeBooleanField("accessFlag", attributes.accessFlag());
      json.writeBooleanField("dbm", attributes.dirtyBitModifier());
      json.writeBooleanField("contiguous", attributes.contiguous());
      json.writeBooleanField("beyondOutputSize", Texts.isBeyond(range.leaf(), parameters));
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
