package dev.stagewalk.views;

import dev.stagewalk.session.Snapshot;
import dev.stagewalk.trace.RecordedEvents;
import dev.stagewalk.trace.RecordedVcpu;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import javafx.scene.Node;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.Region;
import org.jspecify.annotations.Nullable;

/** Of whose vCPUs a recording's events are shown. Seen only where there are several. */
final class VcpuChoice {
  private static final String ALL = "all vCPUs";

  /** What can be chosen. */
  private record Choice(String words, Set<Integer> threads) {
    @Override
    public String toString() {
      return words;
    }
  }

  private final ComboBox<Choice> box = new ComboBox<>();
  private @Nullable RecordedEvents shown;
  private boolean filling;

  /**
   * @param changed gets the threads that are chosen; none for all
   */
  VcpuChoice(Consumer<Set<Integer>> changed) {
    box.setId("vcpu-choice");
    box.getStyleClass().add("small");
    box.setAccessibleText("vCPUs whose events are shown");
    box.setTooltip(new Tooltip("Events of all threads, of one VM's vCPUs, or of one vCPU"));
    box.setMinWidth(Region.USE_PREF_SIZE);
    box.setVisible(false);
    box.setManaged(false);
    box.setOnAction(_ -> {
      Choice chosen = box.getValue();
      if (!filling && chosen != null) {
        changed.accept(chosen.threads());
      }
    });
  }

  Node node() {
    return box;
  }

  /** Offers what a recording has; true if that is another recording, and all is chosen anew. */
  boolean show(Snapshot snapshot) {
    RecordedEvents events = snapshot.recording().orElse(null);
    if (events == shown) {
      return false;
    }
    shown = events;
    List<RecordedVcpu> vcpus = events == null ? List.of() : events.vcpus();
    filling = true;
    box.getItems().setAll(choices(vcpus));
    box.getSelectionModel().selectFirst();
    box.setVisible(vcpus.size() > 1);
    box.setManaged(vcpus.size() > 1);
    filling = false;
    return true;
  }

  private static List<Choice> choices(List<RecordedVcpu> vcpus) {
    List<Choice> choices = new ArrayList<>();
    choices.add(new Choice(ALL, Set.of()));
    Set<Integer> vms =
        vcpus.stream().map(RecordedVcpu::process).collect(Collectors.toCollection(TreeSet::new));
    for (int vm : vms) {
      if (vms.size() > 1 && vm >= 0) {
        Set<Integer> threads =
            vcpus.stream()
                .filter(vcpu -> vcpu.process() == vm)
                .map(RecordedVcpu::thread)
                .collect(Collectors.toSet());
        choices.add(new Choice("VM " + vm, threads));
      }
    }
    vcpus.forEach(vcpu -> choices.add(new Choice(vcpu.words(), Set.of(vcpu.thread()))));
    return choices;
  }
}
