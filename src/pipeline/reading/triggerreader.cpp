#include "pipeline/reading/triggerreader.h"

#include "base/words.h"
#include "document/fields.h"
#include "document/nearestword.h"
#include "pipeline/reading/cron.h"
#include "pipeline/reading/keys.h"

#include <QHash>
#include <QRegularExpression>

namespace pilothouse {

namespace {

QStringList split(const char *words)
{
    return QString::fromLatin1(words).split(QLatin1Char(' '), Qt::SkipEmptyParts);
}

/// What an event can be narrowed by. An event that is newer than this table takes everything.
const QHash<QString, QStringList> &filtersOfEvents()
{
    static const QHash<QString, QStringList> all = [] {
        QHash<QString, QStringList> table;
        for (const QString &event : split(
                 "create delete deployment deployment_status fork gollum page_build public status "
                 "workflow_call workflow_dispatch schedule"))
            table.insert(event, {});
        for (const QString &event :
             split("branch_protection_rule check_run check_suite discussion discussion_comment "
                   "issue_comment issues label milestone project project_card project_column "
                   "pull_request_comment pull_request_review pull_request_review_comment "
                   "registry_package release "
                   "repository_dispatch watch"))
            table.insert(event, split("types"));
        const QStringList pull = split("types branches branches-ignore paths paths-ignore");
        table.insert(QStringLiteral("pull_request"), pull);
        table.insert(QStringLiteral("pull_request_target"), pull);
        table.insert(QStringLiteral("push"),
                     split("branches branches-ignore tags tags-ignore paths paths-ignore"));
        table.insert(QStringLiteral("image_version"), split("types names versions"));
        table.insert(QStringLiteral("merge_group"), split("types branches branches-ignore"));
        table.insert(QStringLiteral("workflow_run"),
                     split("types workflows branches branches-ignore"));
        return table;
    }();
    return all;
}

/// All that some event can be narrowed by.
const QStringList &filters()
{
    static const QStringList all = split("types names versions workflows branches branches-ignore "
                                         "tags tags-ignore paths paths-ignore");
    return all;
}

/// One event's map. The filters are read from whatever event has them, so that a graph can be drawn
/// of a file that the host would refuse.
class EventReader
{
public:
    EventReader(const YamlNode::Entry &entry, Problems &problems)
        : m_keys(entry.value, entry.key, problems), m_problems(problems)
    {
        m_trigger.event = entry.key;
        m_trigger.at = entry.keyAt;
    }

    [[nodiscard]] WorkflowTrigger read()
    {
        static_cast<void>(filter("names"));
        static_cast<void>(filter("versions"));
        m_trigger.types = filter("types");
        m_trigger.branches = filter("branches");
        m_trigger.branchesIgnore = filter("branches-ignore");
        m_trigger.tags = filter("tags");
        m_trigger.tagsIgnore = filter("tags-ignore");
        m_trigger.paths = filter("paths");
        m_trigger.pathsIgnore = filter("paths-ignore");
        for (const WorkflowText &name : filter("workflows").items)
            m_trigger.workflows.append({name.text, name.at});
        onlyOneOf(m_trigger.branches, m_trigger.branchesIgnore, QStringLiteral("branches"));
        onlyOneOf(m_trigger.tags, m_trigger.tagsIgnore, QStringLiteral("tags"));
        onlyOneOf(m_trigger.paths, m_trigger.pathsIgnore, QStringLiteral("paths"));
        if (m_trigger.event == QLatin1String("workflow_dispatch"))
            readInputs(Dispatched);
        if (m_trigger.event == QLatin1String("workflow_call")) {
            readInputs(Called);
            m_trigger.outputs = callValues(QStringLiteral("outputs"));
            m_trigger.secrets = callValues(QStringLiteral("secrets"));
        }
        checkFilters();
        return m_trigger;
    }

private:
    enum Start { Dispatched, Called };

    void checkFilters()
    {
        const auto known = filtersOfEvents().constFind(m_trigger.event);
        if (known == filtersOfEvents().constEnd())
            return;
        for (const QString &key : filters()) {
            if (m_keys.has(key) && !known->contains(key))
                m_keys.reportUnlessNew(
                    m_keys.keyAt(key),
                    Words::tr("\"%1\" cannot narrow \"%2\"").arg(key, m_trigger.event),
                    m_keys.newKey());
        }
    }

    WorkflowTexts filter(const char *name) { return m_keys.texts(QString::fromLatin1(name)); }

    void onlyOneOf(const WorkflowTexts &those, const WorkflowTexts &butNot, const QString &name)
    {
        if (those.isGiven() && butNot.isGiven())
            m_keys.report(butNot.at,
                          Words::tr("only one of \"%1\" and \"%1-ignore\" may stand here; expected "
                                    "\"!\" before what is left out")
                              .arg(name));
    }

    void readInputs(Start start)
    {
        const QString key = QStringLiteral("inputs");
        const YamlNode inputs = m_keys.node(key);
        if (inputs.isMissing())
            return;
        if (!inputs.isMap())
            m_keys.expected(key, Words::tr("names of inputs"));
        checkKeysDiffer(inputs, m_problems);
        for (const YamlNode::Entry &entry : inputs.entries())
            m_trigger.inputs.append(readInput(entry, start));
    }

    WorkflowInput readInput(const YamlNode::Entry &entry, Start start)
    {
        WorkflowInput input;
        input.key = entry.key;
        input.at = entry.keyAt;
        Keys keys(entry.value, Words::tr("an input"), m_problems);
        if (!entry.value.isMap())
            keys.report(entry.keyAt, Words::tr("expected the keys of input \"%1\", found %2")
                                         .arg(entry.key, describe(entry.value)));
        input.description = keys.text(QStringLiteral("description"));
        input.type = keys.text(QStringLiteral("type"), Form::Name);
        input.required = keys.text(QStringLiteral("required"), Form::Flag);
        input.defaultValue = keys.text(QStringLiteral("default"), Form::Text,
                                       start == Called ? Scope::Workflow : Scope::None);
        const QString options = QStringLiteral("options");
        const YamlNode choices = keys.node(options);
        if (!choices.isMissing() && !choices.isSequence())
            keys.expected(options, Words::tr("a list"));
        input.options = choices.isSequence() ? keys.texts(options) : WorkflowTexts();
        checkType(input, keys, start);
        return input;
    }

    void checkType(const WorkflowInput &input, Keys &keys, Start start)
    {
        QStringList types = split("string boolean number");
        if (start == Dispatched)
            types += split("environment choice");
        const QString type = input.type.isEmpty() ? QStringLiteral("string") : input.type.text;
        if (input.type.isGiven() && !types.contains(type))
            keys.report(input.type.at, Words::tr("\"%1\" is no type of an input").arg(type),
                        nearestWord(type, types));
        else if (!input.type.isGiven() && start == Called && !keys.has(QStringLiteral("type")))
            keys.report(input.at, Words::tr("input \"%1\" has no \"type\"").arg(input.key));
        if (type == QLatin1String("boolean") && input.defaultValue.isGiven()
            && !input.defaultValue.isExpression()) {
            const QString value = input.defaultValue.text.toLower();
            if (value != QLatin1String("true") && value != QLatin1String("false"))
                keys.report(input.defaultValue.at,
                            Words::tr("the default of a boolean is true or false"));
        }
        if (type == QLatin1String("choice") && input.options.items.isEmpty())
            keys.report(input.at, Words::tr("the choice \"%1\" has no \"options\"").arg(input.key));
        if (type != QLatin1String("choice") && input.options.isGiven())
            keys.report(input.options.at,
                        Words::tr("only an input of type \"choice\" has \"options\""));
    }

    QList<WorkflowCallValue> callValues(const QString &key)
    {
        const YamlNode values = m_keys.node(key);
        QList<WorkflowCallValue> all;
        if (values.isMissing())
            return all;
        if (!values.isMap())
            m_keys.expected(key, Words::tr("names"));
        checkKeysDiffer(values, m_problems);
        const bool outputs = key == QLatin1String("outputs");
        for (const YamlNode::Entry &entry : values.entries()) {
            WorkflowCallValue value;
            value.key = entry.key;
            value.at = entry.keyAt;
            Keys keys(entry.value, Words::tr("an entry of \"%1\"").arg(key), m_problems);
            value.description = keys.text(QStringLiteral("description"));
            if (outputs) {
                value.value = keys.text(QStringLiteral("value"), Form::Text, Scope::CallOutput);
                if (!keys.has(QStringLiteral("value")))
                    keys.report(entry.keyAt,
                                Words::tr("output \"%1\" has no \"value\"").arg(entry.key));
            } else {
                value.required = keys.text(QStringLiteral("required"), Form::Flag);
                if (!entry.value.isMap() && !entry.value.isNull())
                    keys.report(entry.keyAt,
                                Words::tr("expected the keys of secret \"%1\"").arg(entry.key));
            }
            all.append(value);
        }
        return all;
    }

    Keys m_keys;
    Problems &m_problems;
    WorkflowTrigger m_trigger;
};

QList<WorkflowSchedule> readSchedule(const YamlNode::Entry &entry, Problems &problems)
{
    QList<WorkflowSchedule> all;
    if (!entry.value.isSequence())
        problems.add(entry.keyAt, Words::tr("expected a list with \"cron\" under \"schedule\""));
    for (const YamlNode &item : entry.value.items()) {
        Keys keys(item, Words::tr("a schedule"), problems);
        WorkflowSchedule schedule;
        schedule.at = item.at();
        schedule.cron = keys.text(QStringLiteral("cron"), Form::Name);
        schedule.timezone = keys.text(QStringLiteral("timezone"), Form::Name);
        if (!keys.has(QStringLiteral("cron")))
            problems.add(item.at(), Words::tr("this schedule has no \"cron\""));
        else if (schedule.cron.isGiven() && !isCron(schedule.cron.text))
            problems.add(
                schedule.cron.at,
                Words::tr("\"%1\" is no schedule; expected five fields: minute, hour, day, "
                          "month, day of the week")
                    .arg(schedule.cron.text));
        if (isTooOften(schedule.cron.text))
            problems.add(schedule.cron.at,
                         Words::tr("\"%1\" asks for less than five minutes between two runs; the "
                                   "host starts none more often")
                             .arg(schedule.cron.text),
                         {}, Problem::Severity::Warning);
        all.append(schedule);
    }
    return all;
}

void checkName(const QString &event, const Position &at, Problems &problems)
{
    if (filtersOfEvents().contains(event))
        return;
    QStringList names = filtersOfEvents().keys();
    names.sort();
    if (const QString near = nearestWord(event, names); !near.isEmpty())
        problems.add(at, Words::tr("no event is known here as \"%1\"").arg(event), near,
                     Problem::Severity::Warning);
}

} // namespace

QList<WorkflowTrigger> readTriggers(const YamlNode &on, const Position &place, Problems &problems)
{
    QList<WorkflowTrigger> triggers;
    const auto take = [&](const YamlNode &name) {
        const WorkflowText event
            = readText(name, name.at().line > 0 ? name.at() : place,
                       Words::tr("the name of an event"), Form::Name, Scope::None, problems);
        if (!event.isGiven())
            return;
        static const QRegularExpression form(QStringLiteral("^(?!(true|false)$)[a-z_]+$"),
                                             QRegularExpression::CaseInsensitiveOption);
        if (!form.match(event.text).hasMatch() && !event.isExpression())
            problems.add(event.at, Words::tr("\"%1\" is no name of an event").arg(event.text));
        WorkflowTrigger trigger;
        trigger.event = event.text;
        trigger.at = event.at;
        triggers.append(trigger);
        checkName(event.text, event.at, problems);
    };
    if (on.isScalar())
        take(on);
    for (const YamlNode &item : on.items())
        take(item);
    checkKeysDiffer(on, problems);
    for (const YamlNode::Entry &entry : on.entries()) {
        checkName(entry.key, entry.keyAt, problems);
        if (entry.key == QLatin1String("schedule")) {
            WorkflowTrigger trigger;
            trigger.event = entry.key;
            trigger.at = entry.keyAt;
            trigger.schedules = readSchedule(entry, problems);
            triggers.append(trigger);
            continue;
        }
        if (!entry.value.isMap() && !entry.value.isNull())
            problems.add(entry.value.at(), Words::tr("expected the filters of \"%1\", found %2")
                                               .arg(entry.key, describe(entry.value)));
        triggers.append(EventReader(entry, problems).read());
    }
    return triggers;
}

} // namespace pilothouse
