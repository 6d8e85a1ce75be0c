package dev.stagewalk.isa.asm;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Assembles one instruction, and puts the value of {@code ldr x0, =value} in the pool. */
final class Instruction {
  private final Pass pass;
  private final StatementReader in;

  Instruction(Pass pass, StatementReader in) {
    this.pass = pass;
    this.in = in;
  }

  /** Reads it; false, with the cause noted in the reader, where it cannot be encoded. */
  boolean read(Token first) {
    String mnemonic = first.text().toLowerCase(Locale.ROOT);
    if (!pass.table().knows(mnemonic)) {
      in.reset(0);
      in.wrong(0, "'" + first.text() + "' is no instruction or directive");
      pass.emit(0, null);
      return false;
    }
    pass.section().alignInstruction();
    if (!in.literalFollows()) {
      OptionalInt word = pass.table().encode(mnemonic, in);
      pass.emit(word.orElse(0), word.isPresent() ? in.sign() : null);
      return word.isPresent();
    }
    int start = in.mark();
    List<Token> operands = in.rest();
    List<Token> resolved = literal(mnemonic, operands);
    if (resolved == null) {
      pass.emit(0, null);
      return false;
    }
    StatementReader reader = new StatementReader(resolved, pass);
    OptionalInt word = pass.table().encode(mnemonic, reader);
    pass.emit(word.orElse(0), null);
    if (word.isEmpty()) {
      in.takeOver(reader, start);
      return false;
    }
    return true;
  }

  /** The operands with the literal's address in its place; null where it has no value. */
  private @Nullable List<Token> literal(String mnemonic, List<Token> operands) {
    int equals = 2;
    in.reset(in.mark() + equals + 1);
    Value value = in.value();
    if (value == null) {
      return null;
    }
    if (!in.atEnd()) {
      in.expected("the end of the statement");
      return null;
    }
    char register = Character.toLowerCase(operands.getFirst().text().charAt(0));
    boolean word = mnemonic.equals("ldrsw") || register == 'w' || register == 's';
    int size = word ? 4 : 8;
    if (register == 'q') {
      in.reset(in.mark() - 1);
      in.wrong(in.mark(), "a literal of 128 bits: put it into .quad and load it by its label");
      return null;
    }
    Token place = operands.get(equals);
    long address = pass.literal(key(size, value, operands), size, value.number());
    return List.of(
        operands.get(0),
        operands.get(1),
        new Token(
            Token.Kind.NUMBER,
            "the literal pool",
            address,
            place.line(),
            place.column(),
            place.start(),
            place.end()));
  }

  /** Constants share a place by value, addresses by what is written. */
  private String key(int size, Value value, List<Token> operands) {
    if (!value.isAddress()) {
      return size + " =" + value.number();
    }
    StringBuilder key = new StringBuilder().append(size);
    for (Token token : new ArrayList<>(operands.subList(3, operands.size()))) {
      key.append(' ');
      switch (token.kind()) {
        case BACKWARD, FORWARD -> key.append(pass.identity(token));
        default ->
            key.append(token.text().equals(".") ? "." + pass.statementIndex() : token.text());
      }
    }
    return key.toString();
  }
}
