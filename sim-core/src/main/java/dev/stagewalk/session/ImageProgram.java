package dev.stagewalk.session;

import dev.stagewalk.image.boot.BootImage;
import dev.stagewalk.image.boot.SourceLines;
import dev.stagewalk.image.boot.SymbolTable;
import dev.stagewalk.isa.Disassembler;
import dev.stagewalk.isa.InstructionTable;
import dev.stagewalk.isa.SystemRegisterNames;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The code of an image as people read it: its instructions with labels, and above them the source
 * lines they came from, where the image names them.
 */
final class ImageProgram {
  /** Words that are listed; of a longer image the rest is left out, and it says so. */
  private static final int MOST_WORDS = 32_768;

  private final BootImage image;
  private final Disassembler disassembler;
  private final Map<Long, List<String>> labels = new HashMap<>();
  private final StringBuilder text = new StringBuilder();
  private final Map<Long, Integer> lines = new HashMap<>();
  private int line = 1;
  private Optional<SourceLines.Place> place = Optional.empty();

  private ImageProgram(BootImage image) {
    this.image = image;
    disassembler = new Disassembler(InstructionTable.a64(), this::name, SystemRegisterNames::name);
    for (SymbolTable.Symbol symbol : image.symbols().symbols()) {
      labels.merge(symbol.address(), List.of(symbol.name()), ImageProgram::both);
    }
  }

  private static List<String> both(List<String> first, List<String> second) {
    return Stream.concat(first.stream(), second.stream()).distinct().toList();
  }

  static Program of(BootImage image) {
    return new ImageProgram(image).program();
  }

  private @Nullable String name(long address) {
    return image.symbols().name(address).orElse(null);
  }

  private Program program() {
    List<BootImage.Piece> code =
        image.pieces().stream()
            .filter(BootImage.Piece::code)
            .sorted(Comparator.comparingLong(BootImage.Piece::address))
            .toList();
    int left = MOST_WORDS;
    for (BootImage.Piece piece : code) {
      int words = Math.min(left, piece.content().length / 4);
      list(piece, words);
      left -= words;
      if (words < piece.content().length / 4) {
        add("// " + (piece.content().length / 4 - words) + " more words are not listed");
      }
    }
    long base = code.isEmpty() ? image.entry() : code.getFirst().address();
    long end = code.stream().mapToLong(p -> p.address() + p.content().length).max().orElse(base);
    return new Program(
        image.name(),
        text.toString(),
        base,
        (int) Math.min(end - base, Integer.MAX_VALUE),
        lines,
        image.symbols().addresses(),
        image.symbols(),
        image.lines());
  }

  private void list(BootImage.Piece piece, int words) {
    ByteBuffer content = ByteBuffer.wrap(piece.content()).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < words; i++) {
      long address = piece.address() + 4L * i;
      List<String> here = labels.get(address);
      if (here != null) {
        add(String.join(", ", here) + ":");
      }
      boolean isCode = image.isCode(address);
      Optional<SourceLines.Place> now = isCode ? image.lines().at(address) : Optional.empty();
      if (!now.equals(place)) {
        now.ifPresent(this::addSource);
        place = now;
      }
      lines.put(address, line);
      int word = content.getInt(4 * i);
      add("    " + (isCode ? disassembler.text(word, address) : ".word 0x%08x".formatted(word)));
    }
  }

  private void addSource(SourceLines.Place at) {
    add("// " + at.text() + image.source(at).map(source -> "  " + source.strip()).orElse(""));
  }

  private void add(String what) {
    text.append(what).append('\n');
    line++;
  }
}
