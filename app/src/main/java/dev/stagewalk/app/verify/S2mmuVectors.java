package dev.stagewalk.app.verify;

import com.fasterxml.jackson.databind.JsonNode;
import dev.stagewalk.arch.Granule;
import dev.stagewalk.arch.Hex;
import dev.stagewalk.hyp.Defects;
import dev.stagewalk.hyp.HostFault;
import dev.stagewalk.hyp.Result;
import dev.stagewalk.hyp.Stage2Mmu;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Recorded runs of the posted library: each line a sequence of its functions in an empty world. Our
 * library with all defects on must do the same, event by event. Beside it the corrected library
 * makes the same calls, and must have the same effect up to the first step where the posted one is
 * wrong.
 */
final class S2mmuVectors implements VectorKind {
  private static final long ARENA_BYTES = 256L << 20;

  @Override
  public boolean recognises(JsonNode firstLine) {
    return firstLine.has("steps") && firstLine.has("paBase") && firstLine.has("vaBits");
  }

  @Override
  public VectorReplayer open(Tally tally) {
    return (where, line) -> new Sequence(where, line, tally).replay();
  }

  /** One line. */
  private static final class Sequence {
    private final String where;
    private final JsonNode line;
    private final Tally tally;
    private final long paBase;
    private final OracleWorld world;
    private final S2mmuCalls calls;
    private final CorrectedLibrary corrected;

    Sequence(String where, JsonNode line, Tally tally) {
      this.where = where + " " + line.path("id").asText();
      this.line = line;
      this.tally = tally;
      int vaBits = line.required("vaBits").intValue();
      this.paBase = Hex.parse(line.required("paBase").asText());
      int pageSize = line.required("pageSize").intValue();
      this.world = new OracleWorld(pageSize, paBase);
      this.calls = new S2mmuCalls(world, Defects.AS_POSTED, vaBits);
      S2mmuCalls others = new S2mmuCalls(new OracleWorld(pageSize, paBase), Defects.NONE, vaBits);
      this.corrected = new CorrectedLibrary(calls, others, tally);
    }

    void replay() {
      int index = 0;
      for (JsonNode step : line.required("steps")) {
        String at = where + " step " + index + " " + step.path("op").asText();
        compare(at, step, perform(at, step));
        index++;
      }
    }

    private Map<String, String> perform(String at, JsonNode step) {
      String op = step.required("op").asText();
      Map<String, String> found = new TreeMap<>();
      boolean gone = op.equals("destroy");
      Stage2Mmu mmu = calls.object(step);
      try {
        Result result = calls.perform(step);
        if (op.equals("init")) {
          found.put("ret", result.ok() ? "1" : "0");
          if (result.ok()) {
            found.put("mmu", objectWords(calls.address(step)));
          }
        }
      } catch (HostFault _) {
        found.put("hostFault", "true");
        gone = true;
      }
      List<String> events = world.takeEvents();
      corrected.perform(at, step, events);
      found.put("ev", String.join("\n", events));
      found.put("evN", String.valueOf(events.size()));
      found.put("evSha256", sha256(String.join("\n", events)));
      found.put("allocated", String.valueOf(world.allocated()));
      found.put("freed", String.valueOf(world.freed()));
      found.put("vtcr", OracleWorld.hex(world.register("VTCR_EL2")));
      found.put("vttbr", OracleWorld.hex(world.register("VTTBR_EL2")));
      List<String> tree = new ArrayList<>();
      if (!gone && !"0".equals(found.get("ret"))) {
        collect(tree, mmu.granule(), mmu.root(), mmu.rootLevel());
      }
      found.put("tree", String.join("\n", tree));
      found.put("treeN", String.valueOf(tree.size()));
      found.put("treeSha256", sha256(String.join("", tree.stream().map(l -> l + "\n").toList())));
      return found;
    }

    /** The structure as the recording shows it, read from memory at the posted offsets. */
    private String objectWords(long at) {
      return "page_shift="
          + (int) (world.load(at + 16) >>> 32)
          + " level_shift="
          + (int) world.load(at + 24)
          + " root_level="
          + (int) (world.load(at + 24) >>> 32)
          + " page_size="
          + world.load(at + 32)
          + " block_size="
          + world.load(at + 40)
          + " pgd="
          + OracleWorld.hex(world.load(at));
    }

    private void collect(List<String> tree, Granule granule, long table, int level) {
      int end = granule.entries();
      for (int i = 0; (i = world.skipBlank(table, i, end)) < end; i++) {
        long descriptor = world.load(table + 8L * i);
        if ((descriptor & 1) == 0) {
          continue;
        }
        tree.add(
            level + " " + OracleWorld.hex(table) + " " + i + " " + OracleWorld.hex(descriptor));
        long next = descriptor & ((1L << 48) - granule.bytes());
        boolean inArena = next >= paBase && next < paBase + ARENA_BYTES;
        if (level < 3 && (descriptor & 2) != 0 && inArena) {
          collect(tree, granule, next, level + 1);
        }
      }
    }

    private void compare(String at, JsonNode step, Map<String, String> found) {
      Map<String, String> expected = expected(step);
      List<String> wanted = new ArrayList<>();
      List<String> got = new ArrayList<>();
      for (Map.Entry<String, String> entry : expected.entrySet()) {
        String is = found.getOrDefault(entry.getKey(), "nothing");
        if (!entry.getValue().equals(is)) {
          wanted.add(entry.getKey() + " " + oneLine(entry.getValue()));
          got.add(entry.getKey() + " " + oneLine(is));
        }
      }
      if (found.containsKey("hostFault") && !expected.containsKey("hostFault")) {
        wanted.add("no host fault");
        got.add("a host fault");
      }
      if (wanted.isEmpty()) {
        tally.pass();
      } else {
        tally.fail(at, String.join("; ", wanted), String.join("; ", got));
      }
    }

    private static Map<String, String> expected(JsonNode step) {
      Map<String, String> expected = new TreeMap<>();
      for (String key : List.of("ret", "evN", "evSha256", "allocated", "freed", "vtcr", "vttbr")) {
        if (step.has(key)) {
          expected.put(key, step.get(key).asText());
        }
      }
      for (String key : List.of("treeN", "treeSha256", "hostFault")) {
        if (step.has(key)) {
          expected.put(key, step.get(key).asText());
        }
      }
      if (step.has("ev")) {
        List<String> events = new ArrayList<>();
        step.get("ev").forEach(event -> events.add(event.asText()));
        expected.put("ev", String.join("\n", events));
      }
      if (step.has("tree")) {
        List<String> tree = new ArrayList<>();
        for (JsonNode entry : step.get("tree")) {
          List<String> words = new ArrayList<>();
          entry.forEach(word -> words.add(word.asText()));
          tree.add(String.join(" ", words));
        }
        expected.put("tree", String.join("\n", tree));
      }
      JsonNode mmu = step.path("mmu");
      if (mmu.isObject()) {
        List<String> words = new ArrayList<>();
        mmu.properties().forEach(p -> words.add(p.getKey() + "=" + p.getValue().asText()));
        expected.put("mmu", String.join(" ", words));
      }
      return expected;
    }

    private static String oneLine(String text) {
      return text.replace("\n", " ");
    }
  }

  private static String sha256(String text) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
