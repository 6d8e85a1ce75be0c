package dev.stagewalk.trace;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where an event of the kernel keeps its fields, as the kernel's own format file says.
 *
 * @param name of the event
 * @param id its number in the records
 */
record DatFormat(String name, int id, List<Field> fields) {
  private static final Pattern NAME = Pattern.compile("(?m)^name: (\\S+)$");
  private static final Pattern ID = Pattern.compile("(?m)^ID: (\\d{1,9})$");
  private static final Pattern FIELD =
      Pattern.compile(
          "(?m)^\\s*field:(?<type>[^;]*?)\\s*\\b(?<name>\\w+)(?<array>\\[[^\\]]*\\])?;\\s*"
              + "offset:(?<offset>\\d{1,9});\\s*size:(?<size>\\d{1,9});"
              + "(?:\\s*signed:(?<signed>[01]);)?");

  /**
   * A field.
   *
   * @param offset from the start of the record, in bytes
   * @param size in bytes
   * @param kind how its bytes are read
   */
  record Field(String name, int offset, int size, Kind kind) {}

  /** How the bytes of a field are read. */
  enum Kind {
    SIGNED,
    UNSIGNED,
    /** Characters up to a zero byte. */
    CHARACTERS,
    /** Where in the record a string lies, and how long it is. */
    STRING,
    /** Something that has no short text. */
    OTHER
  }

  static Optional<DatFormat> parse(String text) {
    Matcher name = NAME.matcher(text);
    Matcher id = ID.matcher(text);
    if (!name.find() || !id.find()) {
      return Optional.empty();
    }
    List<Field> fields = new ArrayList<>();
    Matcher m = FIELD.matcher(text);
    while (m.find()) {
      fields.add(
          new Field(
              m.group("name"),
              Integer.parseInt(m.group("offset")),
              Integer.parseInt(m.group("size")),
              kind(
                  m.group("type"),
                  m.group("array") != null,
                  Integer.parseInt(m.group("size")),
                  "1".equals(m.group("signed")))));
    }
    return Optional.of(
        new DatFormat(name.group(1), Integer.parseInt(id.group(1)), List.copyOf(fields)));
  }

  private static Kind kind(String type, boolean array, int size, boolean signed) {
    if (type.contains("__data_loc")) {
      return type.contains("char") ? Kind.STRING : Kind.OTHER;
    }
    if (array) {
      return type.contains("char") ? Kind.CHARACTERS : Kind.OTHER;
    }
    if (size != 1 && size != 2 && size != 4 && size != 8) {
      return Kind.OTHER;
    }
    return signed ? Kind.SIGNED : Kind.UNSIGNED;
  }

  /** The fields of a record in words, without those that all events have. */
  String body(ByteBuffer record) {
    StringBuilder body = new StringBuilder();
    for (Field field : fields) {
      if (field.name().startsWith("common_")) {
        continue;
      }
      value(record, field)
          .ifPresent(value ->
              body.append(body.isEmpty() ? "" : " ")
                  .append(field.name())
                  .append('=')
                  .append(value));
    }
    return body.toString();
  }

  private Optional<String> value(ByteBuffer record, Field field) {
    return switch (field.kind()) {
      case SIGNED -> number(record, field).map(String::valueOf);
      case UNSIGNED -> number(record, field).map("0x%x"::formatted);
      case CHARACTERS -> string(record, field.offset(), field.size());
      case STRING ->
          number(record, field)
              .flatMap(
                  place -> string(record, (int) (place & 0xffff), (int) (place >> 16 & 0xffff)));
      case OTHER -> Optional.empty();
    };
  }

  /** A numeric field; empty if the record is shorter. */
  static Optional<Long> number(ByteBuffer record, Field field) {
    if (field.offset() + field.size() > record.limit()) {
      return Optional.empty();
    }
    int at = field.offset();
    boolean signed = field.kind() == Kind.SIGNED;
    return Optional.of(
        switch (field.size()) {
          case 1 -> signed ? record.get(at) : record.get(at) & 0xffL;
          case 2 -> signed ? record.getShort(at) : record.getShort(at) & 0xffffL;
          case 4 -> signed ? record.getInt(at) : record.getInt(at) & 0xffff_ffffL;
          default -> record.getLong(at);
        });
  }

  private static Optional<String> string(ByteBuffer record, int from, int length) {
    if (from < 0 || length < 0 || from + length > record.limit()) {
      return Optional.empty();
    }
    byte[] text = new byte[length];
    record.get(from, text);
    int end = 0;
    while (end < length && text[end] != 0) {
      end++;
    }
    return Optional.of(
        new String(text, 0, end, StandardCharsets.UTF_8).replaceAll("[\\p{Cntrl} ]", "_"));
  }

  /** The field that all events have by this name. */
  Optional<Field> field(String wanted) {
    return fields.stream().filter(field -> field.name().equals(wanted)).findFirst();
  }
}
