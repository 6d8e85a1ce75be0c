package dev.stagewalk.app;

import dev.stagewalk.guests.lesson.Lesson;
import dev.stagewalk.guests.lesson.ZooCase;
import dev.stagewalk.session.Scenario;
import dev.stagewalk.session.Snapshot;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.Menu;
import javafx.scene.control.MenuBar;
import javafx.scene.control.MenuItem;
import javafx.scene.control.SeparatorMenuItem;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.ToggleGroup;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;

/** The first row of the window: its name, the arrangements, the menus, the way to the palette. */
final class MenuRow extends HBox {
  private final ToggleGroup arrangements = new ToggleGroup();

  MenuRow(
      ActionTable actions,
      Supplier<Snapshot> snapshot,
      List<Scenario> samples,
      Consumer<Scenario> openSample,
      LessonGuide lessons) {
    getStyleClass().add("menu-row");
    Label name = new Label("Stagewalk");
    name.getStyleClass().addAll("strong", "program-name");
    name.setMinWidth(USE_PREF_SIZE);
    getChildren().add(name);
    for (Arrangement arrangement : Arrangement.values()) {
      ToggleButton button = new ToggleButton(arrangement.words());
      button.setUserData(arrangement);
      button.setToggleGroup(arrangements);
      button.setFocusTraversable(false);
      button.getStyleClass().add("arrangement");
      button.setId("arrangement-" + arrangement.words());
      button.setMinWidth(USE_PREF_SIZE);
      WindowAction action = actions.get("arrange-" + arrangement.words().toLowerCase(Locale.ROOT));
      button.setOnAction(_ -> {
        button.setSelected(true);
        action.run().run();
      });
      getChildren().add(button);
    }
    MenuBar bar = new MenuBar();
    bar.getMenus().addAll(menus(actions, snapshot, samples, openSample, lessons));
    bar.setMinWidth(USE_PREF_SIZE);
    WindowAction palette = actions.get("palette");
    Button search = new Button("Search anything   " + palette.keyText());
    search.getStyleClass().addAll("flat", "search-anything");
    search.setFocusTraversable(false);
    search.setOnAction(_ -> palette.run().run());
    Region gap = new Region();
    setHgrow(gap, Priority.ALWAYS);
    getChildren().addAll(bar, gap, search);
  }

  /** Says which arrangement the window has. */
  void show(Arrangement arrangement) {
    arrangements.getToggles().stream()
        .filter(t -> t.getUserData() == arrangement)
        .forEach(t -> t.setSelected(true));
  }

  private static List<Menu> menus(
      ActionTable actions,
      Supplier<Snapshot> snapshot,
      List<Scenario> samples,
      Consumer<Scenario> openSample,
      LessonGuide lessons) {
    Map<WindowAction.Group, Menu> menus = new EnumMap<>(WindowAction.Group.class);
    Map<WindowAction.Group, Integer> sections = new EnumMap<>(WindowAction.Group.class);
    for (WindowAction.Group group : WindowAction.Group.values()) {
      menus.put(group, new Menu(group.words()));
    }
    Menu open = new Menu("Open a sample");
    for (Scenario sample : samples) {
      MenuItem item = new MenuItem(sample.title() + "   " + sample.sourceName());
      item.setOnAction(_ -> openSample.accept(sample));
      open.getItems().add(item);
    }
    Objects.requireNonNull(menus.get(WindowAction.Group.FILE)).getItems().add(open);
    for (WindowAction action : actions.all()) {
      Menu menu = menus.get(action.group());
      if (menu == null) {
        continue;
      }
      Integer before = sections.put(action.group(), action.section());
      if (before != null && before != action.section()) {
        menu.getItems().add(new SeparatorMenuItem());
      }
      menu.getItems().add(item(action));
    }
    Menu learn = Objects.requireNonNull(menus.get(WindowAction.Group.LEARN));
    learn.getItems().add(1, lessonMenu("Lessons", lessons.course().lessons(), lessons));
    learn
        .getItems()
        .add(
            2,
            lessonMenu(
                "Bug zoo",
                lessons.course().cases().stream().map(ZooCase::story).toList(),
                lessons));
    List<Menu> all = new ArrayList<>(menus.values());
    for (Menu menu : all) {
      menu.setId("menu-" + menu.getText());
      menu.setOnShowing(_ -> enable(menu, snapshot.get()));
    }
    return all;
  }

  private static Menu lessonMenu(String title, List<Lesson> lessons, LessonGuide guide) {
    Menu menu = new Menu(title);
    for (Lesson lesson : lessons) {
      boolean numbered = guide.course().lessons().contains(lesson);
      MenuItem item = new MenuItem((numbered ? lesson.name() + "   " : "") + lesson.title());
      item.setMnemonicParsing(false);
      item.setOnAction(_ -> guide.openLesson(lesson.name()));
      menu.getItems().add(item);
    }
    return menu;
  }

  private static MenuItem item(WindowAction action) {
    MenuItem item = new MenuItem(action.title());
    item.setId("menu-" + action.id());
    item.setUserData(action);
    if (!action.keys().isEmpty()) {
      item.setAccelerator(action.keys().getFirst());
    }
    item.setOnAction(_ -> action.run().run());
    return item;
  }

  private static void enable(Menu menu, Snapshot now) {
    for (MenuItem item : menu.getItems()) {
      if (item.getUserData() instanceof WindowAction action) {
        item.setDisable(!action.enabled().test(now));
      }
    }
  }
}
