package dev.stagewalk.trace;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * What differs between two lines of a stream, so that nobody has to compare them letter by letter.
 */
public final class LineDifference {
  private static final JsonFactory JSON = new JsonFactory();
  private static final int MOST = 4;

  private LineDifference() {}

  /**
   * The first values that differ: "far was recorded as 0x1000, and is 0x2000; …". Values inside of
   * others are named by their path: {@code translation/lookups/2/descriptor}.
   *
   * @param recorded a JSON object
   * @param now another
   * @throws IllegalArgumentException if one of them is no JSON
   */
  public static String words(String recorded, String now) {
    Map<String, String> before = values(recorded);
    Map<String, String> after = values(now);
    String kind = "kind";
    if (!Objects.equals(before.get(kind), after.get(kind))) {
      return one(kind, before, after);
    }
    Set<String> places = new LinkedHashSet<>(before.keySet());
    places.addAll(after.keySet());
    List<String> found = new ArrayList<>();
    for (String place : places) {
      if (!Objects.equals(before.get(place), after.get(place))) {
        found.add(one(place, before, after));
      }
    }
    if (found.isEmpty()) {
      return "only the form of the line differs";
    }
    String more = found.size() > MOST ? "; and " + (found.size() - MOST) + " values more" : "";
    return String.join("; ", found.subList(0, Math.min(MOST, found.size()))) + more;
  }

  private static String one(String place, Map<String, String> before, Map<String, String> after) {
    String was = before.get(place);
    String is = after.get(place);
    if (was == null) {
      return place + " was not recorded, and is " + is;
    }
    return place + " was recorded as " + was + (is == null ? ", and is absent" : ", and is " + is);
  }

  /** By its path, each value that is neither an object nor a list. */
  private static Map<String, String> values(String line) {
    Map<String, String> found = new LinkedHashMap<>();
    try (JsonParser json = JSON.createParser(line)) {
      for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
        if (token.isScalarValue()) {
          String path = json.getParsingContext().pathAsPointer().toString();
          found.put(path.isEmpty() ? path : path.substring(1), json.getText());
        }
      }
    } catch (IOException e) {
      throw new IllegalArgumentException("this is no JSON object: " + e.getMessage(), e);
    }
    return found;
  }
}
