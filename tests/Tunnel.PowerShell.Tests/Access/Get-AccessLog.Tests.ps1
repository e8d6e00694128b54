BeforeAll {
    . "$PSScriptRoot/../Lab.ps1"
    $lab = Start-Lab -WithApplication
}

AfterAll { Stop-Lab $lab }

Describe 'Get-AccessLog' {
    It 'shows who was refused' {
        $port = $lab.Edge.PublicEndPoint.Port
        curl -sk --resolve "ssh.example.test:${port}:127.0.0.1" "https://ssh.example.test:$port/" | Out-Null
        $entry = Get-AccessLog -Application ssh.example.test -Denied | Select-Object -First 1
        $entry.Allowed | Should -BeFalse
        $entry.IpAddress | Should -Be 127.0.0.1
        $entry.RayId | Should -Match '^[0-9a-f]{16}$'
        Get-AccessLog -Denied:$false | Should -BeNullOrEmpty
    }

    It 'finds one request by its ray' {
        $entry = Get-AccessLog | Select-Object -First 1
        ($entry | Get-AccessLog).RayId | Should -Be $entry.RayId
        Get-AccessLog -RayId 0000000000000000 | Should -BeNullOrEmpty
    }
}
