package dev.stagewalk.session;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.stagewalk.arch.Granule;
import dev.stagewalk.arch.Hex;
import dev.stagewalk.board.BoardPlan;
import dev.stagewalk.image.boot.Boot;
import dev.stagewalk.mmu.Policy;
import dev.stagewalk.mmu.Stage2Parameters;
import dev.stagewalk.mmu.Tlb;
import dev.stagewalk.mmu.TlbPlan;
import dev.stagewalk.session.Framework.El1Handler;
import dev.stagewalk.session.Framework.OtherGuest;
import dev.stagewalk.session.Scenario.Backing;
import dev.stagewalk.session.Scenario.Region;
import dev.stagewalk.trace.JsonRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A scenario as JSON, so that it reads back as the same. An image and a folder of included files
 * are no part of it: whoever keeps it keeps them beside it.
 */
final class ScenarioJson {
  private ScenarioJson() {}

  static void write(Scenario scenario, JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("name", scenario.name());
    json.writeStringField("title", scenario.title());
    json.writeStringField("story", scenario.story());
    json.writeStringField("sourceName", scenario.sourceName());
    json.writeStringField("source", scenario.source());
    json.writeStringField("granule", scenario.granule().text());
    json.writeNumberField("ipaBits", scenario.ipaBits());
    json.writeStringField("defects", scenario.defects());
    regions(scenario.regions(), json);
    board(scenario.board(), json);
    json.writeBooleanField("bare", scenario.bare());
    texts("injections", scenario.injections().stream().map(PlannedEdit::text).toList(), json);
    framework(scenario.framework(), json);
    json.writeEndObject();
  }

  private static void regions(List<Region> regions, JsonGenerator json) throws IOException {
    json.writeArrayFieldStart("regions");
    for (Region region : regions) {
      json.writeStartObject();
      json.writeStringField("name", region.name());
      json.writeStringField("backing", region.backing().name());
      json.writeStringField("ipa", Hex.plain(region.ipa()));
      json.writeStringField("size", Hex.plain(region.size()));
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void board(BoardPlan board, JsonGenerator json) throws IOException {
    json.writeObjectFieldStart("board");
    json.writeStringField("profile", board.profile());
    json.writeNumberField("pes", board.pes());
    json.writeStringField("others", Hex.plain(board.others()));
    json.writeNumberField("quantum", board.quantum());
    json.writeNumberField("epoch", board.epoch());
    if (board.hostPage() != BoardPlan.USUAL_HOST_PAGE) {
      json.writeNumberField("hostPage", board.hostPage());
    }
    TlbPlan tlb = board.tlb();
    json.writeObjectFieldStart("tlb");
    json.writeStringField("mode", tlb.mode().name());
    json.writeNumberField("capacity", tlb.capacity());
    json.writeStringField("seed", Hex.plain(tlb.seed()));
    Policy policy = tlb.policy();
    if (policy != null) {
      json.writeObjectFieldStart("policy");
      json.writeStringField("unknown", policy.unknown().name());
      json.writeStringField("conflict", policy.conflict().name());
      json.writeStringField("outOfRange", policy.outOfRange().name());
      json.writeStringField("misalignedRoot", policy.misalignedRoot().name());
      json.writeStringField("wrongHint", policy.wrongHint().name());
      json.writeStringField("memoryInDoubt", policy.memoryInDoubt().name());
      json.writeEndObject();
    }
    json.writeEndObject();
    json.writeEndObject();
  }

  private static void framework(Framework framework, JsonGenerator json) throws IOException {
    json.writeObjectFieldStart("framework");
    json.writeStringField("handlers", framework.handlers());
    texts("traps", framework.traps(), json);
    json.writeArrayFieldStart("el1");
    for (El1Handler handler : framework.el1()) {
      json.writeStartObject();
      json.writeNumberField("vector", handler.vector());
      json.writeStringField("label", handler.label());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeArrayFieldStart("others");
    for (OtherGuest other : framework.others()) {
      json.writeStartObject();
      json.writeStringField("name", other.name());
      json.writeStringField("entry", other.entry());
      json.writeNumberField("vmid", other.vmid());
      json.writeStringField("granule", other.granule().text());
      json.writeNumberField("ipaBits", other.ipaBits());
      regions(other.regions(), json);
      json.writeStringField("handlers", other.handlers());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void texts(String name, List<String> texts, JsonGenerator json)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (String text : texts) {
      json.writeString(text);
    }
    json.writeEndArray();
  }

  /**
   * Reads a scenario.
   *
   * @param boot the image it runs, if it runs one
   * @param folder where its source includes files from, if it does
   * @throws IllegalArgumentException naming what is missing or cannot be
   */
  static Scenario read(JsonRecord json, Optional<Boot> boot, Optional<Path> folder) {
    return new Scenario(
        json.text("name"),
        json.text("title"),
        json.text("story"),
        json.text("sourceName"),
        json.text("source"),
        Granule.parse(json.text("granule")),
        json.small("ipaBits"),
        json.text("defects"),
        regions(json),
        board(json.object("board")),
        json.flag("bare"),
        boot,
        json.texts("injections").stream().map(InjectionGrammar::parsePlanned).toList(),
        folder,
        framework(json.object("framework")));
  }

  private static List<Region> regions(JsonRecord json) {
    return json.objects("regions").stream()
        .map(region ->
            new Region(
                region.text("name"),
                region.constant("backing", Backing.class),
                Hex.parse(region.text("ipa")),
                Hex.parse(region.text("size"))))
        .toList();
  }

  private static BoardPlan board(JsonRecord json) {
    JsonRecord tlb = json.object("tlb");
    return new BoardPlan(
        json.small("pes"),
        Hex.parse(json.text("others")),
        json.number("quantum"),
        json.number("epoch"),
        new TlbPlan(
            tlb.constant("mode", Tlb.Mode.class),
            tlb.small("capacity"),
            Hex.parse(tlb.text("seed")),
            tlb.has("policy") ? policy(tlb.object("policy")) : noPolicy()),
        json.text("profile"),
        json.has("hostPage") ? json.small("hostPage") : BoardPlan.USUAL_HOST_PAGE);
  }

  private static @Nullable Policy noPolicy() {
    return null;
  }

  private static Policy policy(JsonRecord json) {
    return new Policy(
        json.constant("unknown", Policy.Unknown.class),
        json.constant("conflict", Policy.Conflict.class),
        json.constant("outOfRange", Stage2Parameters.OutOfRangeT0sz.class),
        json.constant("misalignedRoot", Policy.MisalignedRoot.class),
        json.constant("wrongHint", Policy.WrongHint.class),
        json.constant("memoryInDoubt", Policy.MemoryInDoubt.class));
  }

  private static Framework framework(JsonRecord json) {
    return new Framework(
        json.text("handlers"),
        json.texts("traps"),
        json.objects("el1").stream()
            .map(handler -> new El1Handler(handler.small("vector"), handler.text("label")))
            .toList(),
        json.objects("others").stream()
            .map(other ->
                new OtherGuest(
                    other.text("name"),
                    other.text("entry"),
                    other.small("vmid"),
                    Granule.parse(other.text("granule")),
                    other.small("ipaBits"),
                    regions(other),
                    other.text("handlers")))
            .toList());
  }
}
