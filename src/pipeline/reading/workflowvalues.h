#pragma once

#include "document/position.h"

#include <QList>
#include <QString>
#include <QStringList>

namespace pilothouse {

/// A scalar of a workflow file and its place. The text is as written: `${{ … }}` is not evaluated.
struct WorkflowText
{
    QString text;
    Position at;          ///< of the value; of its key where nothing stands behind it
    Position textAt = {}; ///< of the text's first line, if its lines are the file's; else line 0

    [[nodiscard]] bool isEmpty() const { return text.isEmpty(); }
    /// The key is in the file, with or without a value.
    [[nodiscard]] bool isGiven() const { return at.line > 0; }
    /// It holds `${{`: only a run (or the evaluator) knows what it is.
    [[nodiscard]] bool isExpression() const { return text.contains(QLatin1String("${{")); }

    bool operator==(const WorkflowText &) const = default;
};

/// One text or a list of them, as keys allow that take either; or an expression for the whole list.
struct WorkflowTexts
{
    QList<WorkflowText> items;
    Position at; ///< of the key; line 0 = not given

    [[nodiscard]] bool isGiven() const { return at.line > 0; }
    [[nodiscard]] QStringList texts() const;

    bool operator==(const WorkflowTexts &) const = default;
};

/// One "key: value" whose key is of the author's choosing (`env`, `with`, `outputs` …).
struct WorkflowSetting
{
    QString key;
    Position at; ///< of the key
    WorkflowText value;

    bool operator==(const WorkflowSetting &) const = default;
};

/// All of them under one key.
struct WorkflowSettings
{
    QList<WorkflowSetting> entries; ///< in the order of the file
    WorkflowText expression;        ///< one text where keys are expected ("${{ fromJSON(…) }}")
    Position at;                    ///< of the key; line 0 = not given

    [[nodiscard]] bool isGiven() const { return at.line > 0; }
    /// Null where there is none; case does not count. It lives in this object.
    [[nodiscard]] const WorkflowSetting *find(const QString &key) const;

    bool operator==(const WorkflowSettings &) const = default;
};

/// `permissions` of a workflow or a job. `permissions: {}` is given, with no scope: all are none.
struct WorkflowPermissions
{
    WorkflowText all;        ///< "read-all", "write-all"
    WorkflowSettings scopes; ///< "contents" → "read" …
    Position at;             ///< of the key; line 0 = not given

    [[nodiscard]] bool isGiven() const { return at.line > 0; }

    bool operator==(const WorkflowPermissions &) const = default;
};

struct WorkflowConcurrency
{
    WorkflowText group;
    WorkflowText cancelInProgress; ///< "true", "false" or an expression
    WorkflowText queue;            ///< "single" or "max"
    Position at;                   ///< of the key; line 0 = not given

    [[nodiscard]] bool isGiven() const { return at.line > 0; }

    bool operator==(const WorkflowConcurrency &) const = default;
};

struct WorkflowEnvironment
{
    WorkflowText name;
    WorkflowText url;
    WorkflowText deployment; ///< "false": no record of a deployment
    Position at;             ///< of the key; line 0 = not given

    [[nodiscard]] bool isEmpty() const { return name.isEmpty(); }
    [[nodiscard]] bool isGiven() const { return at.line > 0; }

    bool operator==(const WorkflowEnvironment &) const = default;
};

/// `defaults.run`
struct WorkflowDefaults
{
    WorkflowText shell;
    WorkflowText workingDirectory;
    Position at; ///< of the key; line 0 = not given

    bool operator==(const WorkflowDefaults &) const = default;
};

/// `runs-on` in any of its forms: one label, a list, a group with labels.
struct WorkflowRunner
{
    WorkflowTexts labels;
    WorkflowText group;
    Position at; ///< of the key; line 0 = not given

    [[nodiscard]] bool isGiven() const { return at.line > 0; }
    /// Group and labels joined by ", ".
    [[nodiscard]] QString text() const;

    bool operator==(const WorkflowRunner &) const = default;
};

/// `container`, or one entry of `services`.
struct WorkflowContainer
{
    QString key; ///< of a service; empty for the job's own container
    WorkflowText image;
    WorkflowText options;
    WorkflowSettings env;
    WorkflowSettings credentials; ///< "username", "password"
    WorkflowTexts ports;
    WorkflowTexts volumes;
    Position at; ///< of the key; line 0 = not given

    [[nodiscard]] bool isGiven() const { return at.line > 0; }

    bool operator==(const WorkflowContainer &) const = default;
};

/// `strategy` beside its matrix.
struct WorkflowStrategy
{
    WorkflowText failFast;
    WorkflowText maxParallel;
    Position at; ///< of the key; line 0 = not given

    bool operator==(const WorkflowStrategy &) const = default;
};

/// `secrets` of a call.
struct WorkflowSecrets
{
    WorkflowText inherit; ///< "inherit"
    WorkflowSettings passed;
    Position at; ///< of the key; line 0 = not given

    [[nodiscard]] bool isGiven() const { return at.line > 0; }

    bool operator==(const WorkflowSecrets &) const = default;
};

/// One entry of `steps`.
struct WorkflowStep
{
    WorkflowText id;
    WorkflowText name;
    WorkflowText uses;
    WorkflowText run;
    WorkflowText condition; ///< `if`
    WorkflowText continueOnError;
    WorkflowText timeoutMinutes;
    WorkflowText shell;
    WorkflowText workingDirectory;
    WorkflowSettings with;
    WorkflowSettings env;
    Position at; ///< where the step begins

    /// What the CI host shows for it: the name, or "Run …".
    [[nodiscard]] QString shownName() const;

    bool operator==(const WorkflowStep &) const = default;
};

} // namespace pilothouse
