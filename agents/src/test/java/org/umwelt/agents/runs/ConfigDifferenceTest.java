package org.umwelt.agents.runs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.umwelt.agents.runs.ConfigDifference.Entry;
import org.umwelt.agents.runs.ConfigDifference.Relation;

final class ConfigDifferenceTest {
  private static ConfigDifference compare(String first, String second)
      throws JsonProcessingException {
    return ConfigDifference.of(
        Json.object(first.replace('\'', '"')), Json.object(second.replace('\'', '"')));
  }

  private static Entry entry(
      String key, @Nullable String first, @Nullable String second, Relation relation) {
    return new Entry(key, Optional.ofNullable(first), Optional.ofNullable(second), relation);
  }

  @Test
  void keysAreComparedOneByOne() throws JsonProcessingException {
    assertThat(
            compare(
                    "{'env':'A','seed':7,'a':{'rate':0.1,'deep':{'x':1}},'list':[1,2],'old':null}",
                    "{'seed':7.0,'env':'B','a':{'rate':0.1,'deep':{'x':2,'y':true}},'list':[1,2]}")
                .entries())
        .containsExactly(
            entry("env", "A", "B", Relation.DIFFERENT),
            entry("seed", "7", "7.0", Relation.EQUAL),
            entry("a.rate", "0.1", "0.1", Relation.EQUAL),
            entry("a.deep.x", "1", "2", Relation.DIFFERENT),
            entry("list", "[1,2]", "[1,2]", Relation.EQUAL),
            entry("old", "null", null, Relation.ONLY_FIRST),
            entry("a.deep.y", null, "true", Relation.ONLY_SECOND));
  }

  @Test
  void textIsNotANumber() throws JsonProcessingException {
    assertThat(compare("{'a':'7'}", "{'a':7}").entries())
        .containsExactly(entry("a", "7", "7", Relation.DIFFERENT));
    assertThat(compare("{'a':{}}", "{'a':{}}").entries())
        .containsExactly(entry("a", "{}", "{}", Relation.EQUAL));
    assertThat(compare("{}", "{}").entries()).isEmpty();
  }
}
