package org.umwelt.agents.policies;

import java.util.List;
import org.umwelt.agents.AgentEntry;
import org.umwelt.agents.AgentProvider;

/** The agents of this package. */
public final class BaselineAgents implements AgentProvider {
  @Override
  public List<AgentEntry> entries() {
    return List.of(
        AgentEntry.named("random", "samples the action space", RandomAgent::new),
        AgentEntry.named(
            "noop",
            "always the first action, or zeros",
            context -> new ConstantAgent(ActionText.neutral(context.actionSpace()))),
        new AgentEntry(
            "repeat",
            "<k>",
            "always action k",
            k ->
                context ->
                    new ConstantAgent(
                        ActionText.parse(context.actionSpace(), k, "agent repeat:" + k))),
        new AgentEntry(
            "actions",
            "FILE",
            "one action per line, carried on across episodes, started again at the end",
            ActionList::read),
        AgentEntry.named(
            "scripted",
            "plays the embedded games umwelt/... from their info values",
            ScriptedAgent::new));
  }
}
