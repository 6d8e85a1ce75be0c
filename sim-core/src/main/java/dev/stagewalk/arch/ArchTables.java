package dev.stagewalk.arch;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Everything the row files hold. */
record ArchTables(
    RegisterTable registers,
    Map<String, BitForm> forms,
    Map<Integer, SyndromeClass> classes,
    Map<String, ValueWords> valueLists) {

  /** In this order, because a row may use only what stands above it. */
  private static final List<String> FILES =
      List.of(
          "values.txt",
          "syndromes.txt",
          "el2.txt",
          "el1.txt",
          "pstate.txt",
          "identification.txt",
          "fine-grained-traps.txt",
          "other-registers.txt",
          "stage2-descriptors.txt",
          "stage1-descriptors.txt");

  /** A row of the Exception classes: code, short name, form of the ISS, and words. */
  record SyndromeClass(int code, String name, BitForm iss, String words, String longWords) {}

  static ArchTables standard() {
    return Holder.STANDARD;
  }

  BitForm form(String name) {
    BitForm form = forms.get(name);
    if (form == null) {
      throw new IllegalArgumentException("no form is named " + name);
    }
    return form;
  }

  ValueWords valueList(String name) {
    ValueWords words = valueLists.get(name);
    if (words == null) {
      throw new IllegalArgumentException("no values are named " + name);
    }
    return words;
  }

  private static ArchTables load() {
    List<RowFile> files = new ArrayList<>();
    for (String file : FILES) {
      try (InputStream in = ArchTables.class.getResourceAsStream(file)) {
        if (in == null) {
          throw new TableException(file, 0, "the file is missing from the engine");
        }
        files.add(RowFile.parse(file, new String(in.readAllBytes(), StandardCharsets.UTF_8)));
      } catch (IOException e) {
        throw new UncheckedIOException("reading " + file, e);
      }
    }
    return new TableLoader().load(files);
  }

  /** Loads on first use. */
  private static final class Holder {
    static final ArchTables STANDARD = load();
  }
}
