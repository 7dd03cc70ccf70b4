package dev.kanal.worker.run;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import com.fasterxml.jackson.core.util.JsonParserDelegate;
import java.io.IOException;
import java.util.regex.Pattern;

/** Makes parsers whose numbers fail where the type asked for cannot hold them. */
final class StrictNumbers extends JsonFactory {
  private static final long serialVersionUID = 1L;

  @Override
  public JsonParser createParser(byte[] utf8) throws IOException {
    return new Parser(super.createParser(utf8));
  }

  private static final class Parser extends JsonParserDelegate {
    private static final Pattern NOT_ZERO = Pattern.compile("[^eE]*[1-9].*");

    Parser(JsonParser parser) {
      super(parser);
    }

    @Override
    public double getDoubleValue() throws IOException {
      double value = super.getDoubleValue();
      if (Double.isInfinite(value) || (value == 0 && isNotZero())) {
        throw outOfRange(double.class);
      }
      return value;
    }

    @Override
    public float getFloatValue() throws IOException {
      float value = super.getFloatValue();
      if (Float.isInfinite(value) || (value == 0 && isNotZero())) {
        throw outOfRange(float.class);
      }
      return value;
    }

    /** Jackson takes 128 to 255, too, and makes negative numbers of them. */
    @Override
    public byte getByteValue() throws IOException {
      int value = getIntValue();
      if (value != (byte) value) {
        throw outOfRange(byte.class);
      }
      return (byte) value;
    }

    private boolean isNotZero() throws IOException {
      return NOT_ZERO.matcher(getText()).matches();
    }

    private InputCoercionException outOfRange(Class<?> type) {
      return new InputCoercionException(this, "out of range", currentToken(), type);
    }
  }
}
