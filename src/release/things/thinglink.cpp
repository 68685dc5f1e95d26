#include "release/things/thinglink.h"

#include "base/words.h"

#include <QRegularExpression>
#include <QStringDecoder>
#include <QStringList>
#include <QUrl>

#include <algorithm>

namespace pilothouse {
namespace {

constexpr qsizetype longestLink = 2048;
constexpr qsizetype longestName = 253; // of a Kubernetes object
constexpr qsizetype longestQuote = 60;

const QLatin1String linkBegin("pilothouse://");

/// "run/7012/job/5": a word and a value, and again where the thing stands within another.
struct LinkForm
{
    Thing::Kind kind;
    const char *word;
    QString Thing::*value = nullptr; ///< nullptr = the word stands alone
    const char *innerWord = nullptr;
    QString Thing::*innerValue = nullptr;
};

constexpr LinkForm forms[] = {
    {Thing::Kind::Commit, "commit", &Thing::id},
    {Thing::Kind::Build, "commit", &Thing::within, "build", &Thing::id},
    {Thing::Kind::Run, "run", &Thing::id},
    {Thing::Kind::Job, "run", &Thing::within, "job", &Thing::id},
    {Thing::Kind::Track, "track", &Thing::id},
    {Thing::Kind::Revision, "track", &Thing::within, "revision", &Thing::id},
    {Thing::Kind::Pod, "track", &Thing::within, "pod", &Thing::id},
    {Thing::Kind::Alert, "alert", &Thing::id},
    {Thing::Kind::Change, "change", &Thing::id, "database", &Thing::within},
    {Thing::Kind::Change, "change", &Thing::id},
    {Thing::Kind::Workload, "live", &Thing::id},
    {Thing::Kind::OnCall, "oncall"},
    {Thing::Kind::History, "history"},
};

qsizetype sizeOf(const LinkForm &form)
{
    return form.innerWord ? 4 : form.value ? 2 : 1;
}

bool isOfForm(const QStringList &parts, const LinkForm &form)
{
    return parts.size() == sizeOf(form) && parts[0] == QLatin1String(form.word)
           && (!form.innerWord || parts[2] == QLatin1String(form.innerWord));
}

tl::unexpected<Error> badLink(const QString &sentence)
{
    return fail(ErrorKind::BadInput, sentence);
}

QString encoded(const QString &name)
{
    return QString::fromLatin1(QUrl::toPercentEncoding(name));
}

bool isHidden(QChar sign)
{
    const QChar::Category category = sign.category();
    return category == QChar::Other_Control || category == QChar::Other_Format
           || category == QChar::Separator_Line || category == QChar::Separator_Paragraph;
}

/// Nothing if it is no text, or could be taken for something else than it is.
std::optional<QString> decoded(const QString &part)
{
    static const QRegularExpression form(QStringLiteral("^(?:[A-Za-z0-9._~-]|%[0-9A-Fa-f]{2})+$"));
    if (!form.match(part).hasMatch())
        return {};
    QStringDecoder utf8(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless);
    const QString text = utf8(QByteArray::fromPercentEncoding(part.toLatin1()));
    const bool isName = !utf8.hasError() && !text.trimmed().isEmpty() && text.size() <= longestName
                        && text != QLatin1String(".") && text != QLatin1String("..")
                        && std::none_of(text.cbegin(), text.cend(), isHidden);
    return isName ? std::optional(text) : std::nullopt;
}

/// What is wrong with a value of this word; empty if nothing is.
QString wrongValue(const QLatin1String &word, const QString &value)
{
    static const QRegularExpression sha(QStringLiteral("^[0-9a-f]{7,40}$"));
    static const QRegularExpression number(QStringLiteral("^[1-9][0-9]{0,17}$"));
    if (word == QLatin1String("commit") && !sha.match(value).hasMatch())
        return Words::tr("“%1” is no commit: that is 7 to 40 digits of 0–9 and a–f.")
            .arg(quotable(value));
    if ((word == QLatin1String("run") || word == QLatin1String("job"))
        && !number.match(value).hasMatch())
        return Words::tr("“%1” is no number of a %2.").arg(quotable(value), word);
    return {};
}

Result<Thing> thingOf(const QStringList &parts)
{
    const auto form = std::find_if(std::begin(forms), std::end(forms),
                                   [&](const LinkForm &each) { return isOfForm(parts, each); });
    if (form == std::end(forms))
        return badLink(Words::tr("A link names a commit, run, job, track, revision, pod, alert, "
                                 "change or page; “%1” is none of them.")
                           .arg(quotable(parts.join(QLatin1Char('/')))));
    Thing thing;
    thing.kind = form->kind;
    const auto take = [&](const char *word, QString Thing::*member, QString value) -> QString {
        if (qstrcmp(word, "commit") == 0)
            value = value.toLower();
        thing.*member = value;
        return wrongValue(QLatin1String(word), value);
    };
    QString wrong = form->value ? take(form->word, form->value, parts[1]) : QString();
    if (wrong.isEmpty() && form->innerWord)
        wrong = take(form->innerWord, form->innerValue, parts[3]);
    return wrong.isEmpty() ? Result<Thing>(thing) : badLink(wrong);
}

} // namespace

QString linkTo(const QString &workspace, const Thing &thing)
{
    QString link = linkBegin + encoded(workspace);
    const auto form = std::find_if(std::begin(forms), std::end(forms), [&](const LinkForm &each) {
        return each.kind == thing.kind && (!each.value || !(thing.*each.value).isEmpty())
               && (!each.innerValue || !(thing.*each.innerValue).isEmpty());
    });
    if (form == std::end(forms))
        return link;
    link += QLatin1Char('/') + QLatin1String(form->word);
    if (form->value)
        link += QLatin1Char('/') + encoded(thing.*form->value);
    if (form->innerWord)
        link += QLatin1Char('/') + QLatin1String(form->innerWord) + QLatin1Char('/')
                + encoded(thing.*form->innerValue);
    return link;
}

Result<ThingLink> parseLink(const QString &text)
{
    const QString link = text.trimmed();
    if (!link.startsWith(linkBegin, Qt::CaseInsensitive))
        return badLink(Words::tr("This is no link to something here: that begins with "
                                 "“pilothouse://” and the name of a workspace."));
    if (link.size() > longestLink)
        return badLink(Words::tr("This link is longer than any that a console writes."));
    QStringList parts = link.mid(linkBegin.size()).split(QLatin1Char('/'));
    if (parts.size() > 1 && parts.last().isEmpty())
        parts.removeLast(); // browsers add one
    for (QString &part : parts) {
        const std::optional<QString> name = decoded(part);
        if (!name)
            return badLink(part.isEmpty()
                               ? Words::tr("A name is missing in this link.")
                               : Words::tr("“%1” in this link is no name.").arg(quotable(part)));
        part = *name;
    }
    ThingLink found{parts.takeFirst(), {}};
    found.thing.kind = Thing::Kind::Workspace;
    if (parts.isEmpty())
        return found;
    const Result<Thing> thing = thingOf(parts);
    if (!thing)
        return fail(thing.error());
    found.thing = *thing;
    return found;
}

QString quotable(const QString &text)
{
    QString line;
    for (const QChar sign : text.left(2 * longestQuote)) {
        if (!isHidden(sign))
            line += sign;
        else if (sign.category() == QChar::Other_Control)
            line += QLatin1Char(' ');
    }
    line = line.simplified();
    return line.size() > longestQuote ? line.left(longestQuote - 1) + QChar(0x2026) : line;
}

} // namespace pilothouse
