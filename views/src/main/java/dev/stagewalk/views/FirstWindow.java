package dev.stagewalk.views;

import atlantafx.base.theme.PrimerDark;
import javafx.application.Application;
import javafx.scene.Scene;
import javafx.scene.control.Label;
import javafx.scene.layout.StackPane;
import javafx.stage.Stage;

/** An empty window in the program's look. */
public final class FirstWindow extends Application {

  /** Opens the window and returns when it has been closed. */
  public static void open() {
    Application.launch(FirstWindow.class);
  }

  @Override
  public void start(Stage stage) {
    Application.setUserAgentStylesheet(new PrimerDark().getUserAgentStylesheet());
    stage.setTitle("Stagewalk");
    stage.setScene(new Scene(new StackPane(new Label("Stagewalk")), 1400, 900));
    stage.show();
  }
}
