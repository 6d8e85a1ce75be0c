package dev.stagewalk.trace;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.stagewalk.arch.Granule;
import dev.stagewalk.arch.Hex;
import dev.stagewalk.arch.Regime;
import dev.stagewalk.event.Domain;
import dev.stagewalk.event.TlbiScope;
import java.io.IOException;

/**
 * What a TLBI names, as members of a JSON object; what is rarely set is left out where it is not.
 */
final class ScopeJson {
  private ScopeJson() {}

  static void write(TlbiScope scope, JsonGenerator json) throws IOException {
    json.writeStringField("operation", scope.operation());
    json.writeStringField("domain", scope.domain().text());
    json.writeStringField("regime", scope.regime().text());
    json.writeBooleanField("vas", scope.vas());
    json.writeBooleanField("ipas", scope.ipas());
    json.writeNumberField("vmid", scope.vmid());
    json.writeNumberField("asid", scope.asid());
    json.writeBooleanField("globalToo", scope.globalToo());
    json.writeBooleanField("lastLevelOnly", scope.lastLevelOnly());
    json.writeStringField("first", Hex.plain(scope.first()));
    json.writeStringField("bytes", Hex.plain(scope.bytes()));
    json.writeNumberField("level", scope.hint());
    json.writeStringField("operand", Hex.plain(scope.operand()));
    Granule granule = scope.granule();
    if (granule != null) {
      json.writeStringField("granule", granule.text());
    }
    if (scope.nothing()) {
      json.writeBooleanField("nothing", true);
    }
    if (scope.nxs()) {
      json.writeBooleanField("nxs", true);
    }
    json.writeStringField("words", scope.words());
  }

  static TlbiScope read(JsonRecord json) {
    return new TlbiScope(
        json.text("operation"),
        json.named("domain", Domain.class, Domain::text),
        json.named("regime", Regime.class, Regime::text),
        json.flag("vas"),
        json.flag("ipas"),
        json.small("vmid"),
        json.small("asid"),
        json.flag("globalToo"),
        json.flag("lastLevelOnly"),
        json.hex("first"),
        json.hex("bytes"),
        json.small("level"),
        json.has("granule") ? json.named("granule", Granule.class, Granule::text) : null,
        json.has("nothing"),
        json.has("nxs"),
        json.hex("operand"));
  }
}
