package dev.stagewalk.trace;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.stagewalk.arch.Granule;
import dev.stagewalk.arch.Hex;
import dev.stagewalk.arch.Regime;
import dev.stagewalk.event.MemoryType;
import dev.stagewalk.event.Permissions;
import dev.stagewalk.mmu.PendingWork;
import dev.stagewalk.mmu.Stage1Tag;
import dev.stagewalk.mmu.Tlb;
import dev.stagewalk.mmu.TlbContent;
import dev.stagewalk.mmu.TlbEntry;
import java.io.IOException;
import java.util.List;

/** The TLBs of a checkpoint as JSON, so that they read back as the same. */
final class TlbJson {
  private TlbJson() {}

  static void write(TlbContent tlb, JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("mode", tlb.mode().name());
    hex("random", tlb.random(), json);
    json.writeNumberField("filled", tlb.filled());
    json.writeArrayFieldStart("entries");
    for (TlbEntry entry : tlb.entries()) {
      entry(entry, json);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("tablePages");
    for (TlbContent.TablePage page : tlb.tables()) {
      json.writeStartObject();
      hex("pa", page.number() << 12, json);
      json.writeNumberField("stores", page.stores());
      json.writeEndObject();
    }
    json.writeEndArray();
    stores("pendingStores", tlb.stores(), json);
    json.writeArrayFieldStart("pendingTlbis");
    for (PendingWork.Tlbi tlbi : tlb.tlbis()) {
      json.writeStartObject();
      json.writeNumberField("pe", tlbi.pe());
      json.writeNumberField("filled", tlbi.filled());
      ScopeJson.write(tlbi.scope(), json);
      stores("doubtful", tlbi.doubtful(), json);
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void entry(TlbEntry entry, JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeNumberField("number", entry.number());
    json.writeStringField("kind", entry.kind().name());
    json.writeNumberField("pe", entry.pe());
    json.writeStringField("regime", entry.regime().text());
    json.writeNumberField("vmid", entry.vmid());
    json.writeStringField("granule", entry.granule().text());
    hex("input", entry.input(), json);
    json.writeNumberField("shift", entry.shift());
    hex("output", entry.output(), json);
    json.writeNumberField("level", entry.level());
    hex("leaf", entry.leaf(), json);
    hex("leafAddress", entry.leafAddress(), json);
    json.writeBooleanField("readable", entry.readable());
    json.writeBooleanField("writable", entry.writable());
    json.writeBooleanField("executableAtEl1", entry.executableAtEl1());
    json.writeBooleanField("executableAtEl0", entry.executableAtEl0());
    json.writeStringField("memoryType", entry.memoryType().name());
    json.writeBooleanField("dirtyOnWrite", entry.dirtyOnWrite());
    json.writeBooleanField("contiguous", entry.contiguous());
    Stage1Tag tag = entry.stage1();
    if (tag != null) {
      json.writeObjectFieldStart("stage1");
      json.writeNumberField("asid", tag.asid());
      json.writeBooleanField("global", tag.global());
      hex("ipa", tag.ipa(), json);
      json.writeNumberField("level", tag.level());
      json.writeNumberField("permissions", tag.permissions().bits());
      json.writeBooleanField("wxn", tag.wxn());
      json.writeStringField("memoryType", tag.memoryType().name());
      json.writeBooleanField("underStage2", tag.underStage2());
      hex("hierarchical", tag.hierarchical(), json);
      json.writeEndObject();
    }
    if (!entry.sources().isEmpty()) {
      json.writeArrayFieldStart("sources");
      for (long source : entry.sources()) {
        json.writeString(Hex.plain(source));
      }
      json.writeEndArray();
    }
    json.writeEndObject();
  }

  private static void stores(String name, List<PendingWork.Store> stores, JsonGenerator json)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (PendingWork.Store store : stores) {
      json.writeStartObject();
      json.writeNumberField("pe", store.pe());
      hex("pa", store.pa(), json);
      hex("old", store.old(), json);
      hex("now", store.now(), json);
      json.writeStringField("reach", store.reach().name());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void hex(String name, long value, JsonGenerator json) throws IOException {
    json.writeStringField(name, Hex.plain(value));
  }

  static TlbContent read(JsonRecord json) {
    return new TlbContent(
        json.constant("mode", Tlb.Mode.class),
        json.hex("random"),
        json.number("filled"),
        json.objects("entries").stream().map(TlbJson::entry).toList(),
        json.objects("tablePages").stream()
            .map(page -> new TlbContent.TablePage(page.hex("pa") >>> 12, page.small("stores")))
            .toList(),
        stores(json.objects("pendingStores")),
        json.objects("pendingTlbis").stream()
            .map(tlbi ->
                new PendingWork.Tlbi(
                    tlbi.small("pe"),
                    ScopeJson.read(tlbi),
                    tlbi.number("filled"),
                    stores(tlbi.objects("doubtful"))))
            .toList());
  }

  private static List<PendingWork.Store> stores(List<JsonRecord> stores) {
    return stores.stream()
        .map(store ->
            new PendingWork.Store(
                store.small("pe"),
                store.hex("pa"),
                store.hex("old"),
                store.hex("now"),
                store.constant("reach", PendingWork.Reach.class)))
        .toList();
  }

  private static TlbEntry entry(JsonRecord json) {
    return new TlbEntry(
        json.number("number"),
        json.constant("kind", TlbEntry.Kind.class),
        json.small("pe"),
        json.named("regime", Regime.class, Regime::text),
        json.small("vmid"),
        json.named("granule", Granule.class, Granule::text),
        json.hex("input"),
        json.small("shift"),
        json.hex("output"),
        json.small("level"),
        json.hex("leaf"),
        json.hex("leafAddress"),
        json.flag("readable"),
        json.flag("writable"),
        json.flag("executableAtEl1"),
        json.flag("executableAtEl0"),
        json.constant("memoryType", MemoryType.class),
        json.flag("dirtyOnWrite"),
        json.flag("contiguous"),
        json.has("stage1") ? tag(json.object("stage1")) : null,
        json.has("sources") ? json.texts("sources").stream().map(Hex::parse).toList() : List.of());
  }

  private static Stage1Tag tag(JsonRecord json) {
    return new Stage1Tag(
        json.small("asid"),
        json.flag("global"),
        json.hex("ipa"),
        json.small("level"),
        new Permissions(json.small("permissions")),
        json.flag("wxn"),
        json.constant("memoryType", MemoryType.class),
        json.flag("underStage2"),
        json.hex("hierarchical"));
  }
}
