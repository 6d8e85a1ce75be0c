package dev.stagewalk.views;

import dev.stagewalk.session.Command;
import java.util.ArrayList;
import java.util.List;

/** Remembers what panes asked for. */
final class NoActions implements Actions {
  final List<String> asked = new ArrayList<>();

  @Override
  public void submit(Command command) {
    asked.add(command.toString());
  }

  @Override
  public void unmapDialog(long ipa) {
    asked.add("unmap " + Long.toHexString(ipa));
  }

  @Override
  public void explain(long event) {
    asked.add("explain " + event);
  }

  @Override
  public void showInMemory(long pa) {
    asked.add("memory " + Long.toHexString(pa));
  }

  @Override
  public void copy(String text) {
    asked.add("copy " + text);
  }
}
