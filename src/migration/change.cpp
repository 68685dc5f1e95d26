#include "migration/change.h"

#include "base/words.h"
#include "document/fields.h"

#include <QFileInfo>
#include <QRegularExpression>

namespace pilothouse {

namespace {

/// "pilothouse/<name>/-E1" has to fit into application_name's 63 bytes.
constexpr int longestChangeName = 48;

bool isIdentifier(const QString &text)
{
    static const QRegularExpression bad(QStringLiteral("[\\s.$\"\\x00-\\x1f]"));
    return !text.isEmpty() && text.toUtf8().size() <= 63 && !bad.match(text).hasMatch();
}

/// The type is the one text that goes into SQL as it is, so only the shape of a type passes.
bool isType(const QString &text)
{
    static const QRegularExpression shape(
        QStringLiteral("\\A[a-z_][a-z0-9_]*([. ][a-z_][a-z0-9_]*)*( ?\\(\\d+( ?, ?\\d+)?\\))?"
                       "( with(out)? time zone)?(\\[\\])*\\z"));
    static const QRegularExpression notPartOfAType(QStringLiteral(
        "\\b(not|null|default|check|references|primary|unique|constraint|collate|generated|using|"
        "storage|compression)\\b"));
    return shape.match(text).hasMatch() && !notPartOfAType.match(text).hasMatch();
}

std::optional<TableName> tableName(const QString &text)
{
    const QStringList parts = text.split(QLatin1Char('.'));
    if (parts.size() != 2 || !isIdentifier(parts[0]) || !isIdentifier(parts[1]))
        return std::nullopt;
    return TableName{parts[0], parts[1]};
}

struct QualifiedColumn
{
    QString table;
    QString column;
};

std::optional<QualifiedColumn> qualifiedColumn(const QString &text)
{
    const QStringList parts = text.trimmed().split(QLatin1Char('.'));
    if (parts.size() != 2 || !isIdentifier(parts[0]) || !isIdentifier(parts[1]))
        return std::nullopt;
    return QualifiedColumn{parts[0], parts[1]};
}

TableName readTable(Fields &fields, const char *key)
{
    const std::optional<QString> text = fields.text(key);
    if (!text)
        return {};
    const std::optional<TableName> name = tableName(*text);
    if (!name) {
        fields.report(key, Words::tr("expected a table with its schema, such as public.%1, "
                                     "not \"%2\"")
                               .arg(text->section(QLatin1Char('.'), -1), *text));
    }
    return name.value_or(TableName());
}

/// "users.id = conversations.user_id and users.realm = conversations.realm"
QList<JoinPair> readJoin(Fields &fields, const QString &from, const QString &target)
{
    const std::optional<QString> text = fields.text("join");
    if (!text || from.isEmpty() || target.isEmpty())
        return {};
    static const QRegularExpression conjunction(QStringLiteral("\\s+and\\s+"),
                                                QRegularExpression::CaseInsensitiveOption);
    QList<JoinPair> pairs;
    for (const QString &part : text->split(conjunction)) {
        const QStringList sides = part.split(QLatin1Char('='));
        const auto left = sides.size() == 2 ? qualifiedColumn(sides[0]) : std::nullopt;
        const auto right = sides.size() == 2 ? qualifiedColumn(sides[1]) : std::nullopt;
        if (left && right && left->table == from && right->table == target) {
            pairs.append({left->column, right->column});
        } else if (left && right && left->table == target && right->table == from) {
            pairs.append({right->column, left->column});
        } else {
            fields.report("join", Words::tr("expected %1.COLUMN = %2.COLUMN, joined by \"and\", "
                                            "not \"%3\"")
                                      .arg(from, target, part.trimmed()));
            return {};
        }
    }
    return pairs;
}

Derivation readDerivation(const YamlNode &node, const TableName &table, Problems &problems)
{
    Fields fields(node, Words::tr("the derivation"), problems);
    Derivation derivation;
    if (node.isMissing())
        return derivation;
    derivation.from = readTable(fields, "from");
    if (!derivation.from.name.isEmpty() && derivation.from.name == table.name)
        fields.report("from", Words::tr("expected another table than the changed one"));
    derivation.join = readJoin(fields, derivation.from.name, table.name);
    const std::optional<QString> value = fields.text("value");
    if (value && !derivation.from.name.isEmpty()) {
        const std::optional<QualifiedColumn> column = qualifiedColumn(*value);
        if (column && column->table == derivation.from.name)
            derivation.value = column->column;
        else
            fields.report(
                "value",
                Words::tr("expected %1.COLUMN, not \"%2\"").arg(derivation.from.name, *value));
    }
    return derivation;
}

std::map<ChangePhase, PhaseTool> readTools(const YamlNode &node, Problems &problems)
{
    Fields phases(node, Words::tr("the phases"), problems);
    std::map<ChangePhase, PhaseTool> tools;
    const std::pair<const char *, ChangePhase> keys[] = {{"expand", ChangePhase::Expand},
                                                         {"migrate", ChangePhase::Migrate},
                                                         {"contract", ChangePhase::Contract}};
    for (const auto &[key, phase] : keys) {
        const YamlNode map = phases.map(key, Fields::Need::Optional);
        if (map.isMissing())
            continue;
        Fields fields(map, Words::tr("a phase"), problems);
        const QString by = fields.text("by").value_or(QString());
        const bool console = by == QLatin1String("console");
        const auto need = console ? Fields::Need::Optional : Fields::Need::Required;
        const QString revision = fields.text("revision", need).value_or(QString());
        if (!console)
            tools[phase] = {by, revision};
    }
    return tools;
}

void readName(Change &change, Fields &fields, const QString &path)
{
    const std::optional<QString> name = fields.text("name");
    if (!name)
        return;
    static const QRegularExpression shape(QStringLiteral("\\A[a-z0-9][a-z0-9-]*\\z"));
    if (!shape.match(*name).hasMatch() || name->size() > longestChangeName) {
        fields.report("name", Words::tr("expected at most %1 lower-case letters, digits and "
                                        "hyphens, not \"%2\"")
                                  .arg(longestChangeName)
                                  .arg(*name));
        return;
    }
    const QString expected = QFileInfo(path).completeBaseName();
    if (*name != expected) {
        fields.report("name", Words::tr("expected the name of the file, not \"%1\"").arg(*name),
                      expected);
        return;
    }
    change.name = ChangeName(*name);
}

void readColumn(Change &change, const YamlNode &node, Problems &problems)
{
    Fields fields(node, Words::tr("the column"), problems);
    const std::optional<QString> name = fields.text("name");
    if (name && !isIdentifier(*name))
        fields.report("name", Words::tr("expected a column name, not \"%1\"").arg(*name));
    const std::optional<QString> type = fields.text("type");
    if (type && !isType(type->toLower()))
        fields.report(
            "type",
            Words::tr("expected a type such as uuid or numeric(10,2), not \"%1\"").arg(*type));
    change.column = name.value_or(QString());
    change.type = type.value_or(QString()).toLower();
}

} // namespace

Result<Change> readChange(const QByteArray &content, const QString &path, const CommitId &commit)
{
    Problems problems(path);
    Change change;
    change.path = path;
    change.commit = commit;
    const YamlNode root = parseYaml(content, problems);
    if (problems.hasErrors())
        return fail(problems.toError());
    {
        using Need = Fields::Need;
        Fields fields(root, Words::tr("a change"), problems);
        (void)fields.integer("change", Need::Required, 1, 1);
        readName(change, fields, path);
        change.owner = fields.text("owner").value_or(QString());
        (void)fields.choice<Recipe>("recipe", {{"required-column", Recipe::RequiredColumn}});
        change.table = readTable(fields, "table");
        readColumn(change, fields.map("column"), problems);
        change.derive = readDerivation(fields.map("derive"), change.table, problems);
        change.databases = fields.texts("databases");
        change.contractReady = fields.flag("contract_ready").value_or(false);
        if (const auto soak = fields.duration("soak", Need::Optional))
            change.soak = std::chrono::ceil<std::chrono::seconds>(*soak);
        change.contractDue = fields.date("contract_due").value_or(QDate());
        change.index = fields.text("index", Need::Optional).value_or(QString());
        if (!change.index.isEmpty() && !isIdentifier(change.index))
            fields.report("index", Words::tr("expected the bare name of an index, in the table's "
                                             "schema, not \"%1\"")
                                       .arg(change.index));
        change.tools = readTools(fields.map("phases", Need::Optional), problems);
        change.databases.removeDuplicates();
    }
    if (problems.hasErrors())
        return fail(problems.toError());
    return change;
}

QList<StepId> allSteps()
{
    using enum StepId;
    return {E1, E2, E3, M2, M3, M4, M5, C1, C2, C3, C4, C5};
}

QString stepWord(StepId step)
{
    static const char *const words[]
        = {"E1", "E2", "E3", "M2", "M3", "M4", "M5", "C1", "C2", "C3", "C4", "C5"};
    return QLatin1String(words[static_cast<size_t>(step)]);
}

QStringList stepWords(const QList<StepId> &steps)
{
    QStringList words;
    for (const StepId step : steps)
        words << stepWord(step);
    return words;
}

std::optional<StepId> stepOfWord(const QString &word)
{
    for (const StepId step : allSteps()) {
        if (stepWord(step) == word)
            return step;
    }
    return std::nullopt;
}

ChangePhase phaseOfStep(StepId step)
{
    if (step <= StepId::E3)
        return ChangePhase::Expand;
    return step <= StepId::M5 ? ChangePhase::Migrate : ChangePhase::Contract;
}

QList<StepId> runTogether(StepId step)
{
    using enum StepId;
    switch (step) {
    case E3:
        return {};
    case M2:
    case M3:
        return {M2, M3};
    case M4:
    case M5:
        return {M4, M5};
    case C1:
    case C2:
    case C3:
    case C4:
        return {C1, C2, C3, C4};
    case E1:
    case E2:
    case C5:
        break;
    }
    return {step};
}

} // namespace pilothouse
