#include "pipeline/reading/workflowvalues.h"

#include <algorithm>

namespace pilothouse {

QStringList WorkflowTexts::texts() const
{
    QStringList all;
    for (const WorkflowText &item : items)
        all.append(item.text);
    return all;
}

const WorkflowSetting *WorkflowSettings::find(const QString &key) const
{
    const auto found
        = std::find_if(entries.begin(), entries.end(), [&](const WorkflowSetting &entry) {
              return entry.key.compare(key, Qt::CaseInsensitive) == 0;
          });
    return found == entries.end() ? nullptr : &*found;
}

QString WorkflowRunner::text() const
{
    QStringList all = labels.texts();
    if (!group.isEmpty())
        all.prepend(group.text);
    return all.join(QStringLiteral(", "));
}

QString WorkflowStep::shownName() const
{
    if (!name.isEmpty())
        return name.text;
    const QString what
        = uses.isGiven() ? uses.text : run.text.trimmed().section(QLatin1Char('\n'), 0, 0);
    return QStringLiteral("Run ") + what;
}

} // namespace pilothouse
