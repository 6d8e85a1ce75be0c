package dev.stagewalk.app;

import dev.stagewalk.arch.Hex;
import dev.stagewalk.image.boot.SymbolTable;
import dev.stagewalk.session.Scenario;
import dev.stagewalk.session.Snapshot;
import dev.stagewalk.views.Selection;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.kordamp.ikonli.materialdesign2.MaterialDesignC;
import org.kordamp.ikonli.materialdesign2.MaterialDesignF;
import org.kordamp.ikonli.materialdesign2.MaterialDesignL;
import org.kordamp.ikonli.materialdesign2.MaterialDesignS;

/** What the palette finds: actions, samples, registers with their values, labels. */
record PaletteItems(
    ActionTable actions,
    List<Scenario> samples,
    Consumer<Scenario> open,
    LessonGuide lessons,
    Consumer<Selection> select,
    Consumer<Inputs.Destination> goTo) {
  /** System registers that hold an address and nothing else. */
  private static final Pattern OF_ADDRESSES = Pattern.compile("^(ELR|FAR|SP|VBAR|TPIDR)_");

  List<Palette.Item> all(Snapshot now) {
    List<Palette.Item> items = new ArrayList<>();
    for (WindowAction action : actions.all()) {
      if (action.enabled().test(now)) {
        items.add(item(action));
      }
    }
    for (Scenario sample : samples) {
      items.add(
          new Palette.Item(
              "sample",
              sample.title(),
              sample.sourceName(),
              MaterialDesignF.FILE_CODE_OUTLINE,
              () -> open.accept(sample)));
    }
    for (String name : lessons.course().names()) {
      lessons
          .course()
          .find(name)
          .ifPresent(lesson ->
              items.add(
                  new Palette.Item(
                      "lesson",
                      lesson.title(),
                      name,
                      MaterialDesignS.SCHOOL_OUTLINE,
                      () -> lessons.openLesson(name))));
    }
    SymbolTable names = now.program().names();
    for (int i = 0; i < 31; i++) {
      items.add(register("x" + i, names.named(Hex.full(now.pe().x(i)))));
    }
    for (String name : new TreeSet<>(now.pe().registers().systemNames())) {
      String value = Hex.full(now.pe().system(name));
      items.add(register(name, OF_ADDRESSES.matcher(name).find() ? names.named(value) : value));
    }
    new TreeMap<>(now.program().symbols())
        .forEach((name, address) ->
            items.add(
                new Palette.Item(
                    "label",
                    name,
                    Hex.address(address),
                    MaterialDesignL.LABEL_OUTLINE,
                    () -> goTo.accept(new Inputs.ToAddress(address)))));
    return items;
  }

  /** All actions that have a key, done or not at this moment: the list of keys. */
  List<Palette.Item> withKeys(Snapshot now) {
    return actions.all().stream()
        .filter(action -> !action.keys().isEmpty())
        .map(PaletteItems::item)
        .toList();
  }

  private static Palette.Item item(WindowAction action) {
    return new Palette.Item(
        action.group().words(), action.title(), action.keyText(), action.icon(), action.run());
  }

  private Palette.Item register(String name, String value) {
    return new Palette.Item(
        "register",
        name,
        value,
        MaterialDesignC.CHIP,
        () -> select.accept(Selection.of(new Selection.Field(name, ""))));
  }
}
