package dev.stagewalk.isa;

import dev.stagewalk.arch.Encoding;
import dev.stagewalk.arch.Register;
import dev.stagewalk.arch.RegisterTable;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** The architecture's system registers as assembly language writes them: in lower case. */
public final class SystemRegisterNames {
  private SystemRegisterNames() {}

  /** op0:op1:CRn:CRm:op2 of a name; empty where no register of that name can be reached. */
  public static OptionalInt encoding(String name) {
    Optional<Encoding> encoding =
        RegisterTable.standard().register(name).flatMap(Register::encoding);
    return encoding.isPresent() ? OptionalInt.of(encoding.get().packed()) : OptionalInt.empty();
  }

  /** All names that have an encoding, in lower case. */
  public static List<String> all() {
    return RegisterTable.standard().all().stream()
        .filter(register -> register.encoding().isPresent())
        .map(register -> register.name().toLowerCase(Locale.ROOT))
        .toList();
  }

  /** The name of op0:op1:CRn:CRm:op2, or null where no register is there. */
  public static @Nullable String name(int encoding) {
    if (encoding >> 15 == 0) {
      return null;
    }
    return RegisterTable.standard()
        .byEncoding(Encoding.ofPacked(encoding))
        .map(register -> register.name().toLowerCase(Locale.ROOT))
        .orElse(null);
  }
}
