#include "pipeline/reading/usesform.h"

#include "base/words.h"

#include <QRegularExpression>
#include <QStringList>

#include <algorithm>

namespace pilothouse {

namespace {

bool startsHere(const QString &uses)
{
    return uses.startsWith(QLatin1String("./")) || uses.startsWith(QLatin1String("$/"));
}

/// What a branch or a tag may be called, as Git has it.
bool isRefName(const QString &ref)
{
    static const QRegularExpression never(
        QStringLiteral("[?*\\[\\]\\\\~^:\\s\\x00-\\x1f\\x7f]|@\\{|\\.\\.|//|^[/.]|[/.]$"));
    if (ref.isEmpty() || never.match(ref).hasMatch())
        return false;
    const QStringList parts = ref.split(QLatin1Char('/'));
    return std::none_of(parts.begin(), parts.end(), [](const QString &part) {
        return part.startsWith(QLatin1Char('.')) || part.endsWith(QLatin1String(".lock"));
    });
}

/// Of ".github/workflows/build.yml"; empty = nothing is wrong.
QString fileMistake(const QString &path)
{
    static const QRegularExpression folder(QStringLiteral("^\\.github/workflows(-lab)?/"));
    const QRegularExpressionMatch match = folder.match(path);
    if (!match.hasMatch())
        return Words::tr("a called workflow stands under .github/workflows");
    const QString file = path.mid(match.capturedLength());
    if (file.contains(QLatin1Char('/')))
        return Words::tr("a called workflow stands in .github/workflows itself, in no folder "
                         "below it");
    static const QRegularExpression name(QStringLiteral("^.+\\.ya?ml$"));
    if (!name.match(file).hasMatch())
        return Words::tr("the name of a called workflow ends in .yml or .yaml");
    return {};
}

} // namespace

QString stepUsesMistake(const QString &uses)
{
    if (startsHere(uses) || uses.startsWith(QLatin1String(".\\"))
        || uses.startsWith(QLatin1String("docker://")))
        return {};
    static const QRegularExpression form(
        QStringLiteral("^[^/\\\\@]+[/\\\\][^/\\\\@]+[^@]*@[^@]+$"));
    if (!form.match(uses).hasMatch())
        return Words::tr("\"%1\" names no action; expected \"owner/repository@ref\", \"./\" and a "
                         "path, or \"docker://\" and an image")
            .arg(uses);
    static const QRegularExpression workflow(
        QStringLiteral("^[^/\\\\]+[/\\\\][^/\\\\]+[/\\\\]\\.github[/\\\\]workflows([/\\\\]|@)"));
    if (workflow.match(uses).hasMatch())
        return Words::tr("\"%1\" is a workflow: a job calls it, not a step").arg(uses);
    return {};
}

QString callMistake(const QString &uses)
{
    if (startsHere(uses)) {
        if (uses.contains(QLatin1Char('@')))
            return Words::tr("a workflow of this repository is called as of the same commit, so "
                             "\"uses\" cannot have \"@\"");
        return fileMistake(uses.mid(2));
    }
    static const QRegularExpression form(QStringLiteral("^([^/@\\s]+/[^/@\\s]+)/([^@\\s]+)@(.+)$"));
    const QRegularExpressionMatch match = form.match(uses);
    if (!match.hasMatch())
        return Words::tr("\"%1\" names no workflow; expected \"./\" and a path, or "
                         "\"owner/repository/path@ref\"")
            .arg(uses);
    static const QRegularExpression owner(QStringLiteral("^[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+$"));
    if (!owner.match(match.captured(1)).hasMatch())
        return Words::tr("\"%1\" is no owner and repository").arg(match.captured(1));
    const QString ref = match.captured(3);
    if (ref.contains(QLatin1Char('@')) || !isRefName(ref))
        return Words::tr("\"%1\" cannot be a branch, a tag or a commit").arg(ref);
    return fileMistake(match.captured(2));
}

bool isShortCommit(const QString &uses)
{
    static const QRegularExpression digits(QStringLiteral("^[^.$].*@[0-9a-fA-F]{7,8}$"));
    return !uses.startsWith(QLatin1String("docker://")) && digits.match(uses).hasMatch();
}

} // namespace pilothouse
