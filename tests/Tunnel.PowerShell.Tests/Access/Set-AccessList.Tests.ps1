BeforeAll {
    . "$PSScriptRoot/../Lab.ps1"
    $lab = Start-Lab
}

AfterAll { Stop-Lab $lab }

Describe 'Set-AccessList' {
    BeforeEach { New-AccessList operators alice@example.com, bob@example.com | Out-Null }
    AfterEach { Get-AccessList | Remove-AccessList -Confirm:$false }

    It 'adds and removes items' {
        $changed = Get-AccessList operators | Set-AccessList -Add carol@example.com -Remove bob@example.com -Confirm:$false
        $changed.Items.Value | Should -Be 'alice@example.com', 'carol@example.com'
    }

    It 'replaces all items' {
        (Set-AccessList operators -Item dave@example.com -Confirm:$false).Items.Value | Should -Be 'dave@example.com'
        (Set-AccessList operators -Item @() -Confirm:$false).Count | Should -Be 0
    }

    It 'changes nothing with -WhatIf' {
        Set-AccessList operators -Item @() -NewName nobody -WhatIf
        (Get-AccessList operators -IncludeItem).Items.Count | Should -Be 2
    }
}
