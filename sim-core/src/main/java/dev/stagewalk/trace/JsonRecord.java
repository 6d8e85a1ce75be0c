package dev.stagewalk.trace;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.stagewalk.arch.Hex;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object that has been read. Whoever asks for a member names the type it must have; a member
 * that is missing, or is something else, is an {@link IllegalArgumentException} that names it.
 * Members nobody asks for do no harm.
 */
public final class JsonRecord {
  private static final JsonFactory JSON = new JsonFactory();
  private static final int DEEPEST = 32;

  private final Map<String, Object> members;

  private JsonRecord(Map<String, Object> members) {
    this.members = members;
  }

  /**
   * Reads an object.
   *
   * @throws IllegalArgumentException in words, with line and column, if the text is none
   */
  public static JsonRecord parse(String text) {
    try (JsonParser json = JSON.createParser(text)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new IllegalArgumentException("this is no JSON object");
      }
      JsonRecord whole = object(json, 0);
      if (json.nextToken() != null) {
        throw new IllegalArgumentException("something follows the end of the JSON object");
      }
      return whole;
    } catch (JacksonException e) {
      throw new IllegalArgumentException(
          "line "
              + e.getLocation().getLineNr()
              + ", column "
              + e.getLocation().getColumnNr()
              + ": "
              + e.getOriginalMessage(),
          e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonRecord object(JsonParser json, int depth) throws IOException {
    if (depth == DEEPEST) {
      throw new IllegalArgumentException("more than " + DEEPEST + " objects inside one another");
    }
    Map<String, Object> members = new LinkedHashMap<>();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      json.nextToken();
      Object value = value(json, depth);
      if (value != null) {
        members.put(name, value);
      }
    }
    return new JsonRecord(members);
  }

  private static @Nullable Object value(JsonParser json, int depth) throws IOException {
    return switch (json.currentToken()) {
      case START_OBJECT -> object(json, depth + 1);
      case START_ARRAY -> {
        if (depth == DEEPEST) {
          throw new IllegalArgumentException("more than " + DEEPEST + " lists inside one another");
        }
        List<Object> all = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
          Object value = value(json, depth + 1);
          if (value != null) {
            all.add(value);
          }
        }
        yield all;
      }
      case VALUE_TRUE, VALUE_FALSE -> json.getBooleanValue();
      case VALUE_NUMBER_INT -> json.getLongValue();
      case VALUE_NULL -> null;
      case null, default -> json.getText();
    };
  }

  /** Whether there is a member that is not null. */
  public boolean has(String name) {
    return members.containsKey(name);
  }

  public String text(String name) {
    return as(String.class, name, "a string");
  }

  public long number(String name) {
    return as(Long.class, name, "a whole number");
  }

  /** A 64-bit value, written as a string {@code "0x…"}. */
  public long hex(String name) {
    return Hex.parse(text(name));
  }

  /** The constant of an enumeration that has this name. */
  public <E extends Enum<E>> E constant(String name, Class<E> type) {
    return named(name, type, Enum::name);
  }

  /**
   * A constant of an enumeration.
   *
   * @param form how constants are written
   */
  public <E extends Enum<E>> E named(String name, Class<E> type, Function<E, String> form) {
    String text = text(name);
    List<String> known = new ArrayList<>();
    for (E constant : type.getEnumConstants()) {
      if (form.apply(constant).equals(text)) {
        return constant;
      }
      known.add(form.apply(constant));
    }
    throw new IllegalArgumentException("'" + name + "' is '" + text + "', and can be " + known);
  }

  /** A number that an {@code int} holds. */
  public int small(String name) {
    long value = number(name);
    if (value != (int) value) {
      throw new IllegalArgumentException("'" + name + "' is out of range: " + value);
    }
    return (int) value;
  }

  public boolean flag(String name) {
    return as(Boolean.class, name, "true or false");
  }

  public JsonRecord object(String name) {
    return as(JsonRecord.class, name, "an object");
  }

  public List<JsonRecord> objects(String name) {
    return list(name, JsonRecord.class, "objects");
  }

  /** Names of all members that are not null. */
  public Set<String> names() {
    return Collections.unmodifiableSet(members.keySet());
  }

  public List<Long> numbers(String name) {
    return list(name, Long.class, "whole numbers");
  }

  public List<String> texts(String name) {
    return list(name, String.class, "strings");
  }

  /** A list of lists of strings. */
  public List<List<String>> lists(String name) {
    List<List<String>> all = new ArrayList<>();
    for (List<?> inner : list(name, List.class, "lists")) {
      List<String> texts = new ArrayList<>();
      for (Object value : inner) {
        if (!(value instanceof String text)) {
          throw new IllegalArgumentException("'" + name + "' is not a list of lists of strings");
        }
        texts.add(text);
      }
      all.add(texts);
    }
    return all;
  }

  private <T> List<T> list(String name, Class<T> type, String what) {
    List<T> all = new ArrayList<>();
    for (Object value : as(List.class, name, "a list")) {
      if (!type.isInstance(value)) {
        throw new IllegalArgumentException("'" + name + "' is not a list of " + what);
      }
      all.add(type.cast(value));
    }
    return all;
  }

  private <T> T as(Class<T> type, String name, String what) {
    Object value = members.get(name);
    if (value == null) {
      throw new IllegalArgumentException("'" + name + "' is missing");
    }
    if (!type.isInstance(value)) {
      throw new IllegalArgumentException("'" + name + "' is not " + what);
    }
    return type.cast(value);
  }
}
