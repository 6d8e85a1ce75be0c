package dev.stagewalk.app;

import static org.junit.jupiter.api.extension.ConditionEvaluationResult.disabled;
import static org.junit.jupiter.api.extension.ConditionEvaluationResult.enabled;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Marks tests that draw. On a machine where no text can be drawn they are skipped with the sentence
 * the program itself would say there.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(NeedsDrawing.Condition.class)
public @interface NeedsDrawing {

  /** Looks for fonts and text layout with the program's own eyes. */
  final class Condition implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      return switch (Display.ofThisMachine().forPictures()) {
        case Screen.TextOnly textOnly -> disabled(textOnly.sentence());
        case Screen.Window _, Screen.Headless _ -> enabled("text can be drawn");
      };
    }
  }
}
