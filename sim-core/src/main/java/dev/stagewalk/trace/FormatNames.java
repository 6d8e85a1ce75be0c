package dev.stagewalk.trace;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The numbers a kernel gave its events, from the text of its {@code events/*}{@code /format}. */
public final class FormatNames {
  private static final Pattern NAME_AND_ID =
      Pattern.compile("(?m)^name: (\\w+)\\s*\\R+ID: (\\d{1,9})\\s*$");

  private FormatNames() {}

  /**
   * Reads one or several format files, one after the other in one text.
   *
   * @throws TraceException if the file cannot be read or names no event
   */
  public static Map<Integer, String> read(Path file) throws TraceException {
    String text;
    try {
      text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new TraceException("'" + file + "' cannot be read: " + e.getMessage(), e);
    }
    Map<Integer, String> names = new HashMap<>();
    Matcher m = NAME_AND_ID.matcher(text);
    while (m.find()) {
      names.put(Integer.parseInt(m.group(2)), m.group(1));
    }
    if (names.isEmpty()) {
      throw new TraceException(
          "'"
              + file
              + "' has no 'name:' line followed by an 'ID:' line: it should be the text of"
              + " /sys/kernel/tracing/events/kvm/*/format");
    }
    return Map.copyOf(names);
  }
}
