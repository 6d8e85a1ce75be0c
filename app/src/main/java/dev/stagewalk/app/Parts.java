package dev.stagewalk.app;

import dev.stagewalk.session.Scenario;
import dev.stagewalk.views.Disassembly;
import dev.stagewalk.views.SourceCheck;
import java.util.List;

/**
 * What a window needs besides a session.
 *
 * @param samples offered in the toolbar and the palette
 * @param disassembly for the code pane and explanations
 * @param sourceCheck for edited sources
 */
record Parts(List<Scenario> samples, Disassembly disassembly, SourceCheck sourceCheck) {
  Parts {
    samples = List.copyOf(samples);
  }

  /** The engine's own parts, with these guests to choose from. */
  static Parts of(List<Scenario> samples) {
    return new Parts(samples, new GuestCode.Disassembling(), GuestCode::problems);
  }
}
