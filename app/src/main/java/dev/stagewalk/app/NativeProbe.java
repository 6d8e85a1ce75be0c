package dev.stagewalk.app;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/**
 * Asks the libraries themselves, the same way JavaFX will: the dynamic linker for a library, Xlib
 * for the display (with its cookies, its sockets and its host names), Fontconfig for fonts. Needs
 * native access for the unnamed module.
 */
@SuppressWarnings("restricted") // calling C is what this class is for
final class NativeProbe implements Display.Probe {

  @Override
  public boolean loads(String library) {
    try {
      // Never unloaded again: GTK does not survive that, and JavaFX is about to use it.
      SymbolLookup.libraryLookup(library, Arena.global());
      return true;
    } catch (IllegalArgumentException notFound) {
      return false;
    }
  }

  @Override
  public boolean answers(String display) {
    if (!loads("libX11.so.6")) {
      return false;
    }
    MethodHandle open =
        function("libX11.so.6", "XOpenDisplay", FunctionDescriptor.of(ADDRESS, ADDRESS));
    MethodHandle close =
        function("libX11.so.6", "XCloseDisplay", FunctionDescriptor.of(JAVA_INT, ADDRESS));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment connection = (MemorySegment) open.invokeExact(arena.allocateFrom(display));
      if (connection.address() == 0) {
        return false;
      }
      var _ = (int) close.invokeExact(connection);
      return true;
    } catch (Throwable e) {
      throw new IllegalStateException("Xlib could not be called", e);
    }
  }

  @Override
  public boolean hasFonts() {
    MethodHandle current =
        function("libfontconfig.so.1", "FcConfigGetCurrent", FunctionDescriptor.of(ADDRESS));
    MethodHandle fonts =
        function(
            "libfontconfig.so.1",
            "FcConfigGetFonts",
            FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_INT));
    try {
      MemorySegment config = (MemorySegment) current.invokeExact();
      if (config.address() == 0) {
        return false;
      }
      // FcSetSystem is 0; a font set begins with the number of its fonts.
      MemorySegment set = (MemorySegment) fonts.invokeExact(config, 0);
      return set.address() != 0 && set.reinterpret(JAVA_INT.byteSize()).get(JAVA_INT, 0) > 0;
    } catch (Throwable e) {
      throw new IllegalStateException("Fontconfig could not be called", e);
    }
  }

  private static MethodHandle function(String library, String name, FunctionDescriptor type) {
    return Linker.nativeLinker()
        .downcallHandle(
            SymbolLookup.libraryLookup(library, Arena.global()).findOrThrow(name), type);
  }
}
