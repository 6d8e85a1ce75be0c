package dev.stagewalk.app;

import dev.stagewalk.views.Look;
import dev.stagewalk.views.Theme;
import javafx.scene.Scene;
import org.jspecify.annotations.Nullable;

/** Theme and scale of the window, and the large type for a hall. */
final class Sizing {
  /** Window width and height for each unit of the projector's scale, in pixels. */
  private static final double PROJECTOR_WIDTH = 1010;

  private static final double PROJECTOR_HEIGHT = 675;

  /** Scale of a window that is not shown yet: that of 1920 × 1080. */
  private static final double PROJECTOR_SCALE = 1.6;

  private final Look look;
  private final Settings settings;
  private double beforeProjector;

  Sizing(Look look, Settings settings) {
    this.look = look;
    this.settings = settings;
  }

  void theme(Theme theme) {
    look.themeProperty().set(theme);
    settings.theme(theme);
  }

  /** Multiplies the scale; 0 sets it to 100 %. In words what it is now. */
  String scaleBy(double factor) {
    look.setScale(factor == 0 ? 1 : look.scale() * factor);
    settings.scale(look.scale());
    return Math.round(look.scale() * 100) + " %";
  }

  /** Larger type, or back; whether it is large now. */
  boolean projector(@Nullable Scene scene) {
    boolean on = beforeProjector == 0;
    double before = look.scale();
    look.setScale(on ? projectorScale(scene) : beforeProjector);
    beforeProjector = on ? before : 0;
    return on;
  }

  /** As large as the window allows: what stands on the walk must not be cut. */
  private static double projectorScale(@Nullable Scene scene) {
    return scene == null
        ? PROJECTOR_SCALE
        : Math.max(
            1.2,
            Math.min(scene.getWidth() / PROJECTOR_WIDTH, scene.getHeight() / PROJECTOR_HEIGHT));
  }
}
